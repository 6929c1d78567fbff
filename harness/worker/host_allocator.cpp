#include "harness/worker/host_allocator.h"

#include "harness/memory/installed_allocator.h"

namespace timetrial {

CachingAllocator* install_host_allocator(const TrialSpec& spec) {
  if (spec.host_allocator != HostAllocator::caching || !caching_allocator_suits_this_build()) return nullptr;
  constexpr double kGiB = 1 << 30;
  return &install_caching_allocator(static_cast<std::size_t>(spec.host_cache_gib * kGiB));
}

}  // namespace timetrial
