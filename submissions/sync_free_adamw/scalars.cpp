#include "scalars.h"

#include <algorithm>
#include <cmath>

#include <ATen/ops/zeros.h>

namespace timetrial {

at::Tensor make_scalars(at::Device device) {
  return at::zeros({kScalarCount}, at::TensorOptions().dtype(at::kDouble).device(device));
}

at::Tensor steps_of(const at::Tensor& scalars) {
  return scalars.select(0, kScalarSteps);
}

void prepare_scalars(const AdamwSettings& settings, const at::Tensor& scalars) {
  auto* values = scalars.mutable_data_ptr<double>();
  const double steps = values[kScalarSteps];
  const double rate = settings.schedule.at(static_cast<int64_t>(steps));
  values[kScalarWeightFactor] = 1 - rate * settings.weight_decay;
  values[kScalarClipFactor] =
      settings.grad_clip > 0
          ? std::min(settings.grad_clip / (std::sqrt(values[kScalarSquaredNorm]) + kClipEpsilon), 1.0)
          : 1.0;
  values[kScalarBeta1] = settings.beta1;
  values[kScalarBeta2] = settings.beta2;
  values[kScalarStepSize] = rate / (1 - std::pow(settings.beta1, steps + 1));
  values[kScalarDenominatorScale] = 1 / std::sqrt(1 - std::pow(settings.beta2, steps + 1));
  values[kScalarEpsilon] = settings.epsilon;
}

void count_step(const at::Tensor& scalars) {
  auto* values = scalars.mutable_data_ptr<double>();
  values[kScalarSteps] = values[kScalarOverflow] != 0 ? values[kScalarSteps] : values[kScalarSteps] + 1;
}

}  // namespace timetrial
