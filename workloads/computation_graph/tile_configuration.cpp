#include "workloads/computation_graph/tile_configuration.h"

#include <algorithm>

namespace timetrial {
namespace {

constexpr size_t kKeptBounds = 6;
constexpr size_t kValuesOfAList = kKeptBounds + 2;

}  // namespace

std::array<float, kTileFeatures> tile_features(const TileConfiguration& configuration) {
  std::array<float, kTileFeatures> features{};
  const auto write = [&features](size_t first, const std::vector<int64_t>& bounds) {
    double sum = 0;
    double product = bounds.empty() ? 0 : 1;
    for (size_t i = 0; i < bounds.size(); ++i) {
      if (i < kKeptBounds) features[first + i] = static_cast<float>(bounds[i]);
      sum += static_cast<double>(bounds[i]);
      product *= static_cast<double>(bounds[i]);
    }
    features[first + kKeptBounds] = static_cast<float>(sum);
    features[first + kKeptBounds + 1] = static_cast<float>(product);
  };
  write(0, configuration.kernel_bounds);
  write(kValuesOfAList, configuration.output_bounds);
  write(2 * kValuesOfAList, configuration.input_bounds);
  return features;
}

}  // namespace timetrial
