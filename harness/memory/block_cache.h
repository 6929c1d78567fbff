#pragma once

// Blocks of memory that are kept when they are given back. They are cut from regions of a source; a block
// that comes back waits in the list of its size class for the next one that asks for that size or one of the
// two below. Large blocks have a region of their own.
//
// Memory goes back to the source only on release_free(), before a limit is exceeded, or when the source has
// nothing left: regions of which no block is handed out, and the huge pages that lie within one free block.
//
// Threads: any; a block may come back on another one than took it.

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "harness/memory/region_source.h"
#include "harness/memory/size_class.h"

namespace timetrial {

// In bytes. Peaks count from the construction or the last forget_peaks().
struct CacheUse {
  std::size_t in_use = 0;  // as asked for, in blocks that are handed out
  std::size_t peak_in_use = 0;
  std::size_t held = 0;  // in blocks, free ones included; the uncut rest of a region takes no memory yet
  std::size_t peak_held = 0;
};

class BlockCache {
 public:
  // `limit_bytes`: before more than that is held, what is free is released; 0: no limit. A program that
  // needs more at once gets it: what is handed out cannot be given up. `source` outlives the cache.
  BlockCache(RegionSource& source, std::size_t limit_bytes);
  // Gives all regions back, whoever still has blocks.
  ~BlockCache();
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  // Unwritten memory, aligned to kBlockAlignment; nullptr when the source has none, even after all that is
  // free went back to it.
  void* take(std::size_t bytes);
  // Of any cache's take(); nothing happens to nullptr. Static: who frees a tensor knows nothing but its
  // memory.
  static void give_back(void* memory);

  void release_free();

  CacheUse use() const;
  void forget_peaks();

 private:
  struct Region;
  struct Block;

  // All of these run under the lock.
  Block* free_block(std::size_t size_class);
  Block* new_block(std::size_t size_class);
  void make_room_for(std::size_t bytes);
  void now_hold(std::size_t bytes);
  Block* cut(Region& region, std::size_t size_class);
  Region* map_region(std::size_t bytes);
  void keep(Block* block);
  void keep_rest_of(Region& region);
  void release_pages_of(Block& block);
  void release_free_memory();

  RegionSource& source_;
  const std::size_t limit_bytes_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Region>> regions_;
  Region* cutting_ = nullptr;  // the one that small blocks are cut from
  std::array<Block*, kSizeClasses> free_{};
  CacheUse use_;
};

}  // namespace timetrial
