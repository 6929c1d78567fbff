#pragma once

// What the mini tier looks like: known to its preparation and to the workload.

#include <cstdint>

namespace timetrial {

inline constexpr int64_t kMiniValidationFiles = 2;
inline constexpr int64_t kMiniSide = 112;  // of the images

}  // namespace timetrial
