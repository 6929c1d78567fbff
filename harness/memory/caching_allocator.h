#pragma once

// Memory of CPU tensors out of a block cache. LibTorch's own allocator asks the system for every large tensor
// and gives it back at once; getting the pages anew in each step costs more than many of its operations.
//
// Threads: any. Fork: a child must not allocate, since another thread may have held the lock; the worker
// never forks. An allocator must outlive the tensors that it gave memory to.

#include <c10/core/Allocator.h>

#include "harness/memory/block_cache.h"

namespace timetrial {

class CachingAllocator final : public c10::Allocator {
 public:
  // `limit_bytes`: see BlockCache. `source` outlives the allocator.
  CachingAllocator(RegionSource& source, std::size_t limit_bytes) : cache_(source, limit_bytes) {}

  // Unwritten memory, aligned to 64 bytes; of 0 bytes nullptr, as LibTorch's own gives. Throws
  // c10::OutOfMemoryError in the words of LibTorch's.
  c10::DataPtr allocate(std::size_t bytes) override;
  c10::DeleterFnPtr raw_deleter() const override { return &BlockCache::give_back; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

  BlockCache& cache() { return cache_; }

 private:
  BlockCache cache_;
};

}  // namespace timetrial
