#pragma once

#include "harness/device/device.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

// Seconds the harness adds to one step, measured with a submission that does nothing on a workload that has
// nothing: the same code path as a trial's. Median over rounds. About a millisecond.
double measure_timer_overhead(Device& device, ClockMode clock);

}  // namespace timetrial
