#pragma once

// Where the time of a step goes: a ledger over the sampled steps (sampled_steps.h), on the device's own time
// line. Every moment of a sampled step belongs to exactly one part; entering a part ends the running one, and
// leaving a nested part returns to the one around it. Steps that are not sampled cost a comparison or two.
//
// Nothing here waits for the device: moments are its stamps, read once they are known. Threads: one at a
// time; the thread that runs a backward pass may be another while the step's own waits for it.

#include <array>
#include <cstdint>
#include <deque>
#include <utility>

#include "harness/device/device.h"
#include "harness/journal/measurements.h"
#include "harness/worker/sampled_steps.h"

namespace timetrial {

enum class StepPart { data_wait, host_to_device, forward, backward, gradient_averaging, update, residual };
inline constexpr std::size_t kStepParts = 7;

// The first steps of an attempt are not like the others: pools are filled, kernels tuned.
inline constexpr int64_t kUnsampledSteps = 4;

class StepTimes {
 public:
  // `device` outlives this.
  StepTimes(Device& device, uint64_t seed, int64_t every = kStepsPerSample)
      : device_(device), seed_(seed), every_(every) {}

  // A step begins, in the harness's own part; within a segment of the device. `step`: steps made before it.
  void begin(int64_t step) {
    if (step < next_) return;
    if (step == next_) begin_sample();
    choose_next(step);
  }
  // It ends. One that never does (a call threw) is not counted.
  void end() noexcept {
    if (!sampling_) return;
    note(Stamp::Kind::end);
    sampling_ = false;
  }

  // The step that runs is unlike others: it is not counted.
  void abandon() noexcept { sampling_ = false; }

  // Ends the running part and begins another; returns the one that ended.
  StepPart enter(StepPart part) noexcept {
    if (!sampling_) return part;
    note(Stamp::Kind::part);
    return std::exchange(part_, part);
  }

  bool sampling() const noexcept { return sampling_; }
  StepPart part() const noexcept { return part_; }

  // Takes the stamps that are known. At the latest when the device was drained, before its next segment.
  void resolve();

  // Of the steps whose stamps are taken.
  const StepTimesRecord& record() const { return record_; }

 private:
  // A moment, and the part that it ends.
  struct Stamp {
    enum class Kind { begin, part, end };
    Kind kind;
    StepPart part;
  };

  void begin_sample();
  void choose_next(int64_t step);
  void note(Stamp::Kind kind) noexcept {
    device_.stamp();
    stamps_.push_back({kind, part_});
  }
  void count(const std::array<double, kStepParts>& parts, double step);

  Device& device_;
  uint64_t seed_;
  int64_t every_;
  int64_t next_ = -1;  // step to be sampled; -1: not chosen yet
  bool sampling_ = false;
  StepPart part_ = StepPart::residual;

  std::deque<Stamp> stamps_;  // not taken yet
  double begin_ = 0;          // of the step whose stamps are being taken
  double last_ = 0;
  std::array<double, kStepParts> parts_{};
  StepTimesRecord record_;
};

// In a part while it lives.
class InStepPart {
 public:
  InStepPart(StepTimes& times, StepPart part) noexcept : times_(times), outer_(times.enter(part)) {}
  ~InStepPart() { times_.enter(outer_); }
  InStepPart(const InStepPart&) = delete;
  InStepPart& operator=(const InStepPart&) = delete;

 private:
  StepTimes& times_;
  StepPart outer_;
};

}  // namespace timetrial
