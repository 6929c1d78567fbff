#pragma once

// Whether threads rested between two readings. Pure.

#include <optional>
#include <string>
#include <vector>

#include "harness/threads/thread_list.h"

namespace timetrial {

// What threads may use of the processor while they should rest: each some time to see that there is nothing
// to do (a new thread of LibTorch's pools spins for 10 ms), and on top of it all together a share of the wall
// time between the readings.
inline constexpr double kToleratedCpuSeconds = 0.02;
inline constexpr double kToleratedShare = 0.02;

struct Unrest {
  double cpu_seconds = 0;  // of all
  std::string busiest;     // its name and id
  double busiest_cpu_seconds = 0;
};

// Looks at the threads of `before`; one that ended in between, and so is not in `after`, used nothing that
// could be told.
std::optional<Unrest> unrest(const std::vector<ThreadReading>& before,
                             const std::vector<ThreadReading>& after, double wall_seconds);

}  // namespace timetrial
