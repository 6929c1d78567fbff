#include "workloads/layers/initial_values.h"

#include <cmath>
#include <numbers>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

// Share of the normal distribution within two deviations, and the deviation of what is left after the cut.
constexpr double kShareWithinCut = 0.95449973610364158;
constexpr double kDeviationAfterCut = 0.87962566103423978;

double fan_in(const at::Tensor& weight) {
  return static_cast<double>(weight.numel() / weight.size(0));
}

double fan_out(const at::Tensor& weight) {
  return static_cast<double>(weight.numel() / weight.size(1));
}

at::Tensor row_major_like(const at::Tensor& tensor) {
  return at::empty(tensor.sizes(), tensor.options());
}

}  // namespace

void fill_lecun_normal(const at::Tensor& weight, const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  const double deviation = std::sqrt(1 / fan_in(weight)) / kDeviationAfterCut;
  const at::Tensor drawn = row_major_like(weight).uniform_(-kShareWithinCut, kShareWithinCut, generator);
  weight.copy_(drawn.erfinv_().mul_(std::numbers::sqrt2 * deviation).clamp_(-2 * deviation, 2 * deviation));
}

void fill_xavier_uniform(const at::Tensor& weight, const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  const double bound = std::sqrt(6 / (fan_in(weight) + fan_out(weight)));
  weight.copy_(row_major_like(weight).uniform_(-bound, bound, generator));
}

void fill_normal(const at::Tensor& values, double deviation, const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  values.copy_(row_major_like(values).normal_(0, deviation, generator));
}

void fill_constant(const at::Tensor& values, double value) {
  const at::NoGradGuard no_grad;
  values.fill_(value);
}

}  // namespace timetrial
