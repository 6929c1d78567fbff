#pragma once

// Memory of the system in huge pages: regions begin at and are multiples of 2 MiB and ask for huge pages.
// Where the kernel grants none, the same regions come in ordinary pages. Threads: any.

#include "harness/memory/region_source.h"

namespace timetrial {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

class HugePageRegions final : public RegionSource {
 public:
  void* map(std::size_t bytes) override;  // bytes: a multiple of kHugePage
  void discard(void* part, std::size_t bytes) override;
  void unmap(void* region, std::size_t bytes) override;
};

}  // namespace timetrial
