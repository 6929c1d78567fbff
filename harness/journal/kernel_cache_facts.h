#pragma once

// What the provenance of a start tells of kernels that are compiled at run time. Of trials on a GPU only.

namespace timetrial {

inline constexpr const char* kKernelCache = "kernel_cache";             // "cold" or "warm"
inline constexpr const char* kKernelCacheFiles = "kernel_cache_files";  // that were there: "0", "12"

}  // namespace timetrial
