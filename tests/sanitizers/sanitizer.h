#pragma once

// For tests whose expectations differ where a sanitizer is at work.

#ifndef __has_feature  // clang's
#define __has_feature(feature) 0
#endif

namespace timetrial {

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif

// The one that looks at memory in this build, null where there is none.
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
inline constexpr const char* kSanitizer = "AddressSanitizer";
#else
inline constexpr const char* kSanitizer = kThreadSanitizer ? "ThreadSanitizer" : nullptr;
#endif

}  // namespace timetrial
