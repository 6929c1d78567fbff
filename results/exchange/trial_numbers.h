#pragma once

// The numbers of the trials of one study and workload. Logs may use a number twice: in directories that are
// pooled, or once for each framework.

#include <cstdint>
#include <vector>

namespace timetrial {

// The first trial that wants a number gets it; the later ones get, in their order, the lowest numbers above
// all wanted ones. Result: one number per trial, in the order given.
std::vector<int64_t> distinct_trial_numbers(const std::vector<int64_t>& wanted);

// The numbers from 1 to the largest that nobody wants.
std::vector<int64_t> missing_trial_numbers(const std::vector<int64_t>& wanted);

}  // namespace timetrial
