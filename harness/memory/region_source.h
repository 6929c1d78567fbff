#pragma once

// Where the block cache takes its memory from.

#include <cstddef>

namespace timetrial {

class RegionSource {
 public:
  virtual ~RegionSource() = default;

  // `bytes` of unwritten memory, aligned to its granularity; nullptr when there is none left.
  virtual void* map(std::size_t bytes) = 0;
  // Takes back the memory of a part, aligned to and a multiple of the granularity, but not the part itself:
  // it reads as anything until it is written again.
  virtual void discard(void* part, std::size_t bytes) = 0;
  // Takes back the whole of what map() gave.
  virtual void unmap(void* region, std::size_t bytes) = 0;
};

}  // namespace timetrial
