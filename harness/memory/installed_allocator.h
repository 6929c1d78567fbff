#pragma once

// The caching allocator in the place of LibTorch's.

#include "harness/memory/caching_allocator.h"

namespace timetrial {

// A sanitizer sees no use of a block that was given back to a cache: programs built with one keep LibTorch's
// allocator.
bool caching_allocator_suits_this_build();

// All CPU tensors from now on, of whatever library, get their memory from it. To be called before the first
// tensor, while there is one thread; later calls change nothing. It lives as long as the process, as tensors
// of static lifetime do.
CachingAllocator& install_caching_allocator(std::size_t limit_bytes);

}  // namespace timetrial
