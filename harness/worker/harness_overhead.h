#pragma once

// Seconds the harness adds to one step, measured with a submission that does nothing on a workload that has
// nothing: the same code path as a trial's.

#include <cstdint>
#include <vector>

#include "harness/device/device.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/sampled_steps.h"

namespace timetrial {

// Seconds per step of each round. `every`: one in so many steps is sampled, as in a trial.
std::vector<double> harness_seconds_per_step(Device& device, ClockMode clock, int64_t rounds,
                                             int64_t steps_per_round, int64_t every = kStepsPerSample);

// What a trial records at its start: the median over a few rounds. About a millisecond.
double measure_timer_overhead(Device& device, ClockMode clock);

// The value below which `share` of them lie; `values` is not empty. share: 0.5 for the median.
double quantile_of(std::vector<double> values, double share);

}  // namespace timetrial
