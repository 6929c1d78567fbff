#pragma once

// How long tests wait for what should happen at once: for much longer where a sanitizer slows every program.

#include <chrono>

namespace timetrial {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

// Times anything that is enough without a sanitizer.
inline constexpr int kPatienceFactor = kSanitized ? 6 : 1;
inline constexpr std::chrono::seconds kPatience{60 * kPatienceFactor};

}  // namespace timetrial
