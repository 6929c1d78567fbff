#pragma once

// A source of memory that counts, and that can run out.

#include <cstdint>
#include <cstdlib>
#include <map>

#include "harness/memory/region_source.h"

namespace timetrial {

class MadeUpRegions final : public RegionSource {
 public:
  explicit MadeUpRegions(std::size_t most_bytes = std::size_t{1} << 40) : most_bytes_(most_bytes) {}
  ~MadeUpRegions() override {
    for (const auto& [region, bytes] : mapped_) std::free(region);
  }

  void* map(std::size_t bytes) override {
    if (mapped_bytes() + bytes > most_bytes_) return nullptr;
    void* region = std::aligned_alloc(kGranularity, bytes);
    mapped_[region] = bytes;
    return region;
  }

  void discard(void* part, std::size_t bytes) override {
    whole_ =
        whole_ && reinterpret_cast<std::uintptr_t>(part) % kGranularity == 0 && bytes % kGranularity == 0;
    discarded_bytes += bytes;
  }

  void unmap(void* region, std::size_t bytes) override {
    whole_ = whole_ && mapped_.count(region) == 1 && mapped_[region] == bytes;
    mapped_.erase(region);
    std::free(region);
  }

  std::size_t mapped_bytes() const {
    std::size_t sum = 0;
    for (const auto& [region, bytes] : mapped_) sum += bytes;
    return sum;
  }
  std::size_t count() const { return mapped_.size(); }
  bool whole() const {
    return whole_;
  }  // nothing was unmapped twice or in part, all discarded were whole pages

  std::size_t discarded_bytes = 0;

 private:
  static constexpr std::size_t kGranularity = std::size_t{2} << 20;

  std::size_t most_bytes_;
  std::map<void*, std::size_t> mapped_;
  bool whole_ = true;
};

}  // namespace timetrial
