#include "harness/memory/caching_allocator.h"

#include <c10/util/Exception.h>

namespace timetrial {

c10::DataPtr CachingAllocator::allocate(std::size_t bytes) {
  void* memory = bytes == 0 ? nullptr : cache_.take(bytes);
  TORCH_CHECK_WITH(OutOfMemoryError, memory != nullptr || bytes == 0,
                   "CachingAllocator: can't allocate memory: you tried to allocate ", bytes, " bytes");
  return {memory, memory, &BlockCache::give_back, c10::Device(c10::kCPU)};
}

}  // namespace timetrial
