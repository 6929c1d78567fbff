#include "workloads/graph_optimizer/simulator/baselines/balanced_blocks.h"

#include <algorithm>
#include <numeric>

namespace timetrial {
namespace {

// Blocks filled up to `most` one after the other.
std::vector<uint32_t> filled_blocks(std::span<const int64_t> costs, int64_t most) {
  std::vector<uint32_t> block_of;
  uint32_t block = 0;
  int64_t filled = 0;
  for (const int64_t cost : costs) {
    if (cost > most - filled) {
      ++block;
      filled = 0;
    }
    filled += cost;
    block_of.push_back(block);
  }
  return block_of;
}

}  // namespace

std::vector<uint32_t> balanced_blocks(std::span<const int64_t> costs, uint32_t blocks) {
  if (costs.empty()) return {};
  int64_t lowest = *std::max_element(costs.begin(), costs.end());
  int64_t highest = std::accumulate(costs.begin(), costs.end(), int64_t{0});
  while (lowest < highest) {
    const int64_t middle = lowest + (highest - lowest) / 2;
    if (filled_blocks(costs, middle).back() < blocks)
      highest = middle;
    else
      lowest = middle + 1;
  }
  return filled_blocks(costs, lowest);
}

}  // namespace timetrial
