// Taking and giving back the memory of a tensor: LibTorch's own allocator, the caching one, and the caching
// one from two threads at once.

#include <benchmark/benchmark.h>
#include <c10/core/CPUAllocator.h>

#include "harness/memory/caching_allocator.h"
#include "harness/memory/huge_page_regions.h"

namespace timetrial {
namespace {

CachingAllocator& caching_allocator() {
  static HugePageRegions regions;
  static CachingAllocator allocator(regions, 0);
  return allocator;
}

// One byte a page is written: the kernel hands out memory only then.
void take_and_give_back(benchmark::State& state, c10::Allocator& allocator) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const c10::DataPtr data = allocator.allocate(bytes);
    auto* memory = static_cast<char*>(data.get());
    for (std::size_t at = 0; at < bytes; at += 4096) memory[at] = 1;
    benchmark::DoNotOptimize(memory);
  }
}

void system(benchmark::State& state) {
  take_and_give_back(state, *c10::GetDefaultCPUAllocator());
}
void caching(benchmark::State& state) {
  take_and_give_back(state, caching_allocator());
}

BENCHMARK(system)->RangeMultiplier(64)->Range(64, 64 << 20)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(caching)->RangeMultiplier(64)->Range(64, 64 << 20)->ThreadRange(1, 2)->UseRealTime();

}  // namespace
}  // namespace timetrial
