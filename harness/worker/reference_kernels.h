#pragma once

// A fixed mix of kernels that tells how fast the machine is right now: a matrix product, a copy larger than
// the caches, and an elementwise pass that computes. Run with the trial's threads on its device, off the
// clock. What they compute does not matter and draws no random numbers.

#include "harness/device/device.h"
#include "harness/journal/measurements.h"

namespace timetrial {

// How long the mix may take: a two-hundredth of the budget, within 0.03 and 0.3 s.
double reference_seconds_for(double budget_seconds);

// `moment`: "before" or "after". Takes about `seconds`, and longer where even a few passes do. The device
// must be drained and no segment open. Throws what LibTorch throws, such as for memory that is not there.
ReferenceTimesRecord time_reference_kernels(Device& device, const std::string& moment, double seconds);

}  // namespace timetrial
