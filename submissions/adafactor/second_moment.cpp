#include "second_moment.h"

#include <ATen/ATen.h>

namespace timetrial {

SecondMoment::SecondMoment(const at::Tensor& parameter) {
  if (parameter.dim() < 2) {
    averages_ = {at::zeros_like(parameter)};
    return;
  }
  std::vector<int64_t> rows = parameter.sizes().vec(), columns = rows;
  rows.pop_back();
  columns.erase(columns.end() - 2);
  averages_ = {at::zeros(rows, parameter.options()), at::zeros(columns, parameter.options())};
}

at::Tensor SecondMoment::normalized(const at::Tensor& gradient, double beta2, double epsilon) {
  const at::Tensor squares = gradient.square().add_(epsilon);
  if (averages_.size() == 1) {
    averages_[0].lerp_(squares, 1 - beta2);
    return averages_[0].rsqrt().mul_(gradient);
  }
  at::Tensor &rows = averages_[0], &columns = averages_[1];
  rows.lerp_(squares.mean(-1), 1 - beta2);
  columns.lerp_(squares.mean(-2), 1 - beta2);
  // Root by root: the product of two small averages may underflow.
  const at::Tensor row_factor = (rows / rows.mean(-1, /*keepdim=*/true)).rsqrt_().unsqueeze(-1);
  const at::Tensor column_factor = columns.rsqrt().unsqueeze(-2);
  return (gradient * row_factor).mul_(column_factor);
}

}  // namespace timetrial
