#pragma once

#include <chrono>

namespace timetrial {

// The time of day as records tell it: seconds since 1970. No duration is ever taken from it on the clock.
inline double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace timetrial
