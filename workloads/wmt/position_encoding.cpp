#include "workloads/wmt/position_encoding.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr double kLongestPeriod = 10000;

at::Tensor position_values(int64_t longest, int64_t width) {
  const int64_t half = width / 2;
  const double scale = -std::log(kLongestPeriod) / static_cast<double>(half - 1);
  const at::Tensor frequencies = (at::arange(half, at::kLong) * scale).exp();  // float32 from here on
  const at::Tensor angles = at::arange(longest, at::kLong).unsqueeze(1) * frequencies;
  return at::cat({angles.sin(), angles.cos()}, 1).unsqueeze(0);
}

}  // namespace

PositionEncoding::PositionEncoding(int64_t longest, int64_t width, const at::TensorOptions& options)
    : table_(register_buffer("pe", position_values(longest, width).to(options))) {}

at::Tensor PositionEncoding::first(int64_t length) const {
  if (length > table_.size(1)) {
    throw std::logic_error("position " + std::to_string(length) + " of " + std::to_string(table_.size(1)));
  }
  return table_.narrow(1, 0, length);
}

at::Tensor PositionEncoding::at(const at::Tensor& positions) const {
  return at::embedding(table_[0], positions);
}

}  // namespace timetrial
