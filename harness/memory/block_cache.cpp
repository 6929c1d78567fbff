#include "harness/memory/block_cache.h"

#include <algorithm>
#include <cstdint>
#include <new>

namespace timetrial {

namespace {

// Regions are multiples of it, so that each can consist of huge pages.
constexpr std::size_t kGranularity = std::size_t{2} << 20;
constexpr std::size_t kSharedRegion = std::size_t{128} << 20;
// From here on the rounding to whole huge pages wastes little.
constexpr std::size_t kOwnRegionAbove = std::size_t{32} << 20;
// A block a few eighths larger than need be is better than new memory: batches of many lengths would else
// each keep blocks of their own.
constexpr std::size_t kLargerClasses = 2;

std::size_t whole_pages(std::size_t bytes) {
  return (bytes + kGranularity - 1) / kGranularity * kGranularity;
}

}  // namespace

struct BlockCache::Region {
  BlockCache* cache;
  char* begin;
  std::size_t bytes;
  std::size_t cut = 0;         // from its begin
  std::size_t handed_out = 0;  // blocks

  std::size_t rest() const { return bytes - cut; }
};

// Stands before the memory that is handed out.
struct alignas(kBlockAlignment) BlockCache::Block {
  Region* region;
  std::size_t size_class;
  std::size_t asked_bytes;
  std::size_t released_bytes;  // of a free block: its huge pages that the source has back
  Block* next_free;

  void* memory() { return this + 1; }
  static Block* of(void* memory) { return static_cast<Block*>(memory) - 1; }
};

BlockCache::BlockCache(RegionSource& source, std::size_t limit_bytes)
    : source_(source), limit_bytes_(limit_bytes) {}

BlockCache::~BlockCache() {
  for (const auto& region : regions_) source_.unmap(region->begin, region->bytes);
}

void* BlockCache::take(std::size_t bytes) {
  if (bytes > kLargestBlock) return nullptr;
  const std::size_t size_class = size_class_holding(std::max(bytes, std::size_t{1}));
  const std::lock_guard<std::mutex> guard(mutex_);
  Block* block = free_block(size_class);
  if (block == nullptr) block = new_block(size_class);
  if (block == nullptr) return nullptr;
  block->asked_bytes = bytes;
  use_.in_use += bytes;
  use_.peak_in_use = std::max(use_.peak_in_use, use_.in_use);
  return block->memory();
}

void BlockCache::give_back(void* memory) {
  if (memory == nullptr) return;  // oneDNN gives back its working memory of 0 bytes
  Block* block = Block::of(memory);
  BlockCache& cache = *block->region->cache;
  const std::lock_guard<std::mutex> guard(cache.mutex_);
  cache.use_.in_use -= block->asked_bytes;
  --block->region->handed_out;
  cache.keep(block);
}

void BlockCache::keep(Block* block) {
  block->next_free = free_[block->size_class];
  free_[block->size_class] = block;
}

BlockCache::Block* BlockCache::free_block(std::size_t size_class) {
  const std::size_t last = std::min(size_class + kLargerClasses, kSizeClasses - 1);
  for (std::size_t found = size_class; found <= last; ++found) {
    Block* block = free_[found];
    if (block == nullptr) continue;
    free_[found] = block->next_free;
    ++block->region->handed_out;
    if (block->released_bytes > 0) {
      make_room_for(block->released_bytes);
      now_hold(block->released_bytes);
      block->released_bytes = 0;
    }
    return block;
  }
  return nullptr;
}

BlockCache::Block* BlockCache::new_block(std::size_t size_class) {
  const std::size_t needed = sizeof(Block) + bytes_of_class(size_class);
  make_room_for(needed);
  Region* region = nullptr;
  if (needed > kOwnRegionAbove) {
    region = map_region(whole_pages(needed));
  } else {
    if (cutting_ == nullptr || cutting_->rest() < needed) {
      if (cutting_ != nullptr) keep_rest_of(*cutting_);
      cutting_ = map_region(kSharedRegion);
      if (cutting_ == nullptr) cutting_ = map_region(whole_pages(needed));  // the last there is
    }
    region = cutting_;
  }
  if (region == nullptr) return nullptr;
  ++region->handed_out;
  return cut(*region, size_class);
}

void BlockCache::make_room_for(std::size_t bytes) {
  if (limit_bytes_ > 0 && use_.held + bytes > limit_bytes_) release_free_memory();
}

void BlockCache::now_hold(std::size_t bytes) {
  use_.held += bytes;
  use_.peak_held = std::max(use_.peak_held, use_.held);
}

BlockCache::Block* BlockCache::cut(Region& region, std::size_t size_class) {
  Block* block = new (region.begin + region.cut) Block{&region, size_class, 0, 0, nullptr};
  const std::size_t bytes = sizeof(Block) + bytes_of_class(size_class);
  region.cut += bytes;
  now_hold(bytes);
  return block;
}

void BlockCache::keep_rest_of(Region& region) {
  if (region.rest() < sizeof(Block) + kBlockAlignment) return;
  Block* block = cut(region, size_class_within(region.rest() - sizeof(Block)));
  release_pages_of(*block);  // it has none yet
  keep(block);
}

BlockCache::Region* BlockCache::map_region(std::size_t bytes) {
  void* begin = source_.map(bytes);
  if (begin == nullptr) {
    release_free_memory();
    begin = source_.map(bytes);
  }
  if (begin == nullptr) return nullptr;
  regions_.push_back(std::make_unique<Region>(Region{this, static_cast<char*>(begin), bytes}));
  return regions_.back().get();
}

void BlockCache::release_pages_of(Block& block) {
  const auto begin = reinterpret_cast<std::uintptr_t>(block.memory());
  const std::uintptr_t first = whole_pages(begin);
  const std::uintptr_t end = (begin + bytes_of_class(block.size_class)) / kGranularity * kGranularity;
  if (block.released_bytes > 0 || first >= end) return;
  source_.discard(reinterpret_cast<void*>(first), end - first);
  block.released_bytes = end - first;
  use_.held -= block.released_bytes;
}

void BlockCache::release_free_memory() {
  for (Block*& list : free_) {
    Block** link = &list;
    while (*link != nullptr) {
      Block& block = **link;
      if (block.region->handed_out > 0) {
        release_pages_of(block);
        link = &block.next_free;
      } else {  // it goes with its region
        use_.held += block.released_bytes;
        *link = block.next_free;
      }
    }
  }
  std::erase_if(regions_, [this](const std::unique_ptr<Region>& region) {
    if (region->handed_out > 0) return false;
    if (cutting_ == region.get()) cutting_ = nullptr;
    use_.held -= region->cut;
    source_.unmap(region->begin, region->bytes);
    return true;
  });
}

void BlockCache::release_free() {
  const std::lock_guard<std::mutex> guard(mutex_);
  release_free_memory();
}

CacheUse BlockCache::use() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return use_;
}

void BlockCache::forget_peaks() {
  const std::lock_guard<std::mutex> guard(mutex_);
  use_.peak_in_use = use_.in_use;
  use_.peak_held = use_.held;
}

}  // namespace timetrial
