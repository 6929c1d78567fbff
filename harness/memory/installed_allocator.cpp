#include "harness/memory/installed_allocator.h"

#include <c10/core/CPUAllocator.h>

#include "harness/memory/huge_page_regions.h"

namespace timetrial {

namespace {

constexpr uint8_t kPriority = 1;  // LibTorch's own has 0

}  // namespace

bool caching_allocator_suits_this_build() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#elif defined(__has_feature)
  return !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer);
#else
  return true;
#endif
}

CachingAllocator& install_caching_allocator(std::size_t limit_bytes) {
  static HugePageRegions& regions = *new HugePageRegions;
  static CachingAllocator& allocator = *new CachingAllocator(regions, limit_bytes);
  c10::SetCPUAllocator(&allocator, kPriority);
  return allocator;
}

}  // namespace timetrial
