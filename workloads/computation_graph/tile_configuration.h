#pragma once

// The tile sizes of one kernel: the 24 values of a row of TpuGraphs' `config_feat`, float32.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace timetrial {

inline constexpr size_t kTileFeatures = 24;

// Sizes in elements, outermost dimension first.
struct TileConfiguration {
  std::vector<int64_t> kernel_bounds;
  std::vector<int64_t> output_bounds;
  std::vector<int64_t> input_bounds;  // the official files mostly have none

  bool operator==(const TileConfiguration&) const = default;
};

// Eight values each for kernel (0 to 7), output (8 to 15) and input (16 to 23): six bounds, 0 where there are
// no more, then sum and product of the whole list. Unlike a node's, the product of an empty list is 0.
std::array<float, kTileFeatures> tile_features(const TileConfiguration& configuration);

}  // namespace timetrial
