#pragma once

// Who else computes on a GPU. Pure.

#include <cstdint>
#include <vector>

namespace timetrial {

// `listed`: processes that the driver says compute on the GPU. In a container it may give their numbers
// outside: where `own` is not among them, one is taken to be ours if we use the GPU ourselves.
int64_t other_processes(const std::vector<int64_t>& listed, int64_t own, bool uses_gpu);

}  // namespace timetrial
