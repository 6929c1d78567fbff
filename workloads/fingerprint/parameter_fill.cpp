#include "workloads/fingerprint/parameter_fill.h"

#include <cmath>
#include <stdexcept>

#include <ATen/ATen.h>

#include "workloads/fingerprint/generator.h"

namespace timetrial {
namespace {

double filled(FillKind kind, double fan, double u) {
  switch (kind) {
    case FillKind::matrix:
      return std::sqrt(3 / fan) * u;
    case FillKind::one:
      return 1 + 0.1 * u;
    case FillKind::zero:
      return 0.1 * u;
    case FillKind::scalar:
      return 10 + u;
  }
  throw std::logic_error("unknown fill kind");
}

}  // namespace

FillKind fill_kind_of(const std::string& name, const at::Tensor& parameter, bool scales_minus_one) {
  if (parameter.dim() >= 2) return FillKind::matrix;
  if (parameter.dim() == 0) return FillKind::scalar;
  return name.ends_with("weight") && !scales_minus_one ? FillKind::one : FillKind::zero;
}

std::string to_string(FillKind kind) {
  switch (kind) {
    case FillKind::matrix:
      return "matrix";
    case FillKind::one:
      return "one";
    case FillKind::zero:
      return "zero";
    case FillKind::scalar:
      return "scalar";
  }
  throw std::logic_error("unknown fill kind");
}

void fill_parameters(torch::nn::Module& module, bool scales_minus_one) {
  const at::NoGradGuard no_grad;
  uint32_t position = 0;
  for (auto& item : module.named_parameters()) {
    at::Tensor parameter = item.value();
    const FillKind kind = fill_kind_of(item.key(), parameter, scales_minus_one);
    const double fan =
        kind == FillKind::matrix ? static_cast<double>(parameter.numel() / parameter.size(0)) : 1;
    at::Tensor values = at::empty(parameter.sizes(), at::kFloat);
    float* out = values.data_ptr<float>();
    for (int64_t i = 0; i < values.numel(); ++i) {
      out[i] = static_cast<float>(filled(kind, fan, generated_uniform(position, static_cast<uint64_t>(i))));
    }
    parameter.copy_(values);
    ++position;
  }
}

}  // namespace timetrial
