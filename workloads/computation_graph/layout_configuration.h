#pragma once

// The layout that a configuration asks of one node: the 18 values of a row of TpuGraphs' `node_config_feat`.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace timetrial {

inline constexpr size_t kLayoutConfigurationValues = 18;
inline constexpr size_t kLayoutDimensions = 6;  // of each of the three tensors
inline constexpr int8_t kNoDimension = -1;

// Minor-to-major orders of the output (0 to 5), the first input (6 to 11) and the kernel (12 to 17), -1
// behind the last dimension. All -1: what the compiler does by default.
using LayoutConfiguration = std::array<int8_t, kLayoutConfigurationValues>;

constexpr LayoutConfiguration default_layout_configuration() {
  LayoutConfiguration values{};
  values.fill(kNoDimension);
  return values;
}

// An empty order leaves that tensor as it is by default. Throws std::logic_error for more than six dimensions
// or a dimension that int8 does not hold.
constexpr LayoutConfiguration layout_configuration(std::span<const int64_t> output,
                                                   std::span<const int64_t> input,
                                                   std::span<const int64_t> kernel) {
  LayoutConfiguration values = default_layout_configuration();
  const auto write = [&values](size_t first, std::span<const int64_t> order) {
    if (order.size() > kLayoutDimensions) throw std::logic_error("a layout of more than six dimensions");
    for (size_t i = 0; i < order.size(); ++i) {
      if (order[i] < 0 || order[i] > INT8_MAX) throw std::logic_error("a layout names no dimension");
      values[first + i] = static_cast<int8_t>(order[i]);
    }
  };
  write(0, output);
  write(kLayoutDimensions, input);
  write(2 * kLayoutDimensions, kernel);
  return values;
}

}  // namespace timetrial
