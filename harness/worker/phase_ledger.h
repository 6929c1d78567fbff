#pragma once

// Divides wall time into phases: every moment belongs to exactly one, so that the parts sum to the whole.
// Pure: the caller reads the clock.

#include <array>
#include <cstddef>

#include "harness/journal/record.h"

namespace timetrial {

enum class Phase { startup, submission, evaluation, logging, checkpoint, residual };

class PhaseLedger {
 public:
  explicit PhaseLedger(double now, Phase first = Phase::startup) : begin_(now), since_(now), phase_(first) {}

  // Ends the running phase and begins another.
  void enter(Phase phase, double now) {
    seconds_[static_cast<size_t>(phase_)] += now - since_;
    since_ = now;
    phase_ = phase;
  }

  Phase phase() const { return phase_; }

  double seconds(Phase phase) const { return seconds_[static_cast<size_t>(phase)]; }

  ClockParts parts(double now) const {
    PhaseLedger until_now = *this;
    until_now.enter(phase_, now);
    ClockParts parts;
    parts.startup = until_now.seconds(Phase::startup);
    parts.submission = until_now.seconds(Phase::submission);
    parts.evaluation = until_now.seconds(Phase::evaluation);
    parts.logging = until_now.seconds(Phase::logging);
    parts.checkpoint = until_now.seconds(Phase::checkpoint);
    parts.residual = until_now.seconds(Phase::residual);
    parts.wall = now - begin_;
    return parts;
  }

 private:
  double begin_;
  double since_;
  Phase phase_;
  std::array<double, 6> seconds_{};
};

}  // namespace timetrial
