#include "harness/memory/huge_page_regions.h"

#include <cstdint>

#include <sys/mman.h>

namespace timetrial {

void* HugePageRegions::map(std::size_t bytes) {
  // One huge page more than asked for always holds an aligned region; what lies around it goes back at once.
  void* mapped =
      ::mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  char* begin = static_cast<char*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(begin) % kHugePage) % kHugePage;
  char* region = begin + before;
  if (before > 0) ::munmap(begin, before);
  ::munmap(region + bytes, kHugePage - before);
  ::madvise(region, bytes, MADV_HUGEPAGE);  // refused by a kernel without huge pages, which is as good
  return region;
}

void HugePageRegions::discard(void* part, std::size_t bytes) {
  ::madvise(part, bytes, MADV_DONTNEED);
}

void HugePageRegions::unmap(void* region, std::size_t bytes) {
  ::munmap(region, bytes);
}

}  // namespace timetrial
