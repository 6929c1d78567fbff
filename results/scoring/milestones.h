#pragma once

// The evaluations of a trial that were better than all before it. Whatever the target, the first evaluation
// to reach it is one of them; so a score needs nothing else of a trial's curve. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/journal/trial_spec.h"

namespace timetrial {

struct Milestone {
  int64_t evaluation = 0;  // 0-based among the trial's evaluations
  int64_t step = 0;
  double seconds = 0;  // submission clock
  double value = 0;    // of the validation metric; never NaN
};

class MilestoneFinder {
 public:
  explicit MilestoneFinder(MetricGoal goal) : goal_(goal) {}

  // Told every evaluation in order; NaN values count as evaluations and are never better.
  void add(int64_t step, double seconds, double value);

  int64_t evaluations() const { return evaluations_; }
  const std::vector<Milestone>& milestones() const { return milestones_; }

 private:
  MetricGoal goal_;
  int64_t evaluations_ = 0;
  std::vector<Milestone> milestones_;
};

// As the result file holds them: 32 bytes each, the fields in the order above, little-endian.
std::string pack_milestones(const std::vector<Milestone>& milestones);

// The first of packed milestones that reaches `target` on a clock not above `budget_seconds`; a later one is
// never looked at. Throws std::invalid_argument for bytes that are no milestones.
std::optional<Milestone> first_to_reach(std::string_view packed, const MetricTarget& target,
                                        double budget_seconds);

}  // namespace timetrial
