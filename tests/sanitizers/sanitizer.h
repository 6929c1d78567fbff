#pragma once

// For tests whose expectations differ where a sanitizer is at work.

#ifndef __has_feature  // clang's
#define __has_feature(feature) 0
#endif

namespace timetrial {

// The one that looks at memory in this build, null where there is none.
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
inline constexpr const char* kSanitizer = "AddressSanitizer";
#elif defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
inline constexpr const char* kSanitizer = "ThreadSanitizer";
#else
inline constexpr const char* kSanitizer = nullptr;
#endif

}  // namespace timetrial
