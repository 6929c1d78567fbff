#pragma once

// How long tests wait for what should happen at once: for much longer where a sanitizer slows every program.

#include <chrono>

#include "sanitizer.h"

namespace timetrial {

// Times anything that is enough without a sanitizer.
inline constexpr int kPatienceFactor = kSanitizer != nullptr ? 6 : 1;
inline constexpr std::chrono::seconds kPatience{60 * kPatienceFactor};

}  // namespace timetrial
