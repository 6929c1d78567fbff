#include "workloads/layers/position_table.h"

#include <stdexcept>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr double kLongestPeriod = 10000;

}  // namespace

at::Tensor grid_positions(int64_t rows, int64_t columns, int64_t width, const at::TensorOptions& options) {
  if (width % 4 != 0 || width < 8) throw std::logic_error("a position table's width is a multiple of 4");
  const int64_t quarter = width / 4;
  const auto in_double = at::TensorOptions(at::kDouble);
  const at::Tensor frequencies = at::pow(at::full({}, kLongestPeriod, in_double),
                                         -at::arange(quarter, in_double) / static_cast<double>(quarter - 1));
  const auto angles = [&](const at::Tensor& places) { return places.unsqueeze(-1) * frequencies; };
  const at::Tensor across = angles(at::arange(columns, in_double).repeat({rows}));
  const at::Tensor down = angles(at::arange(rows, in_double).repeat_interleave(columns));
  return at::cat({across.sin(), across.cos(), down.sin(), down.cos()}, 1).to(options);
}

}  // namespace timetrial
