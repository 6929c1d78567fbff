#pragma once

// The threads that serve OpenMP's parallel regions of the calling thread, as LibTorch's operations have them.

#include <set>

#include <sys/types.h>

namespace timetrial {

// Kernel ids, the caller's among them. Starts those that there are not yet.
std::set<pid_t> openmp_team();

}  // namespace timetrial
