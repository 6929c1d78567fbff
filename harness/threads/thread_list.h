#pragma once

// The threads of this process, as the system lists them.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace timetrial {

// Ids are given again after a thread's end; together with its start it is one thread's only.
struct ThreadKey {
  pid_t id = 0;
  uint64_t start = 0;  // clock ticks since boot

  auto operator<=>(const ThreadKey&) const = default;
};

struct ThreadReading {
  ThreadKey key;
  std::string name;        // a thread has that of the one that started it, unless it was given another
  double cpu_seconds = 0;  // used so far, in steps of a clock tick (10 ms)
};

std::vector<ThreadReading> threads_of_this_process();

// One line of /proc/self/task/<id>/stat; nothing when it is not understood. Pure.
std::optional<ThreadReading> parse_thread_stat(const std::string& line, double ticks_per_second);

}  // namespace timetrial
