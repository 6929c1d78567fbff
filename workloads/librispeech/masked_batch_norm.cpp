#include "workloads/librispeech/masked_batch_norm.h"

#include <ATen/ATen.h>

#include "timetrial/ranks.h"
#include "workloads/layers/sum_over_ranks.h"

namespace timetrial {
namespace {

constexpr double kEpsilon = 1e-3;

}  // namespace

MaskedBatchNorm::MaskedBatchNorm(int64_t features, const std::string& scale_name, bool with_size,
                                 double kept_statistics, const at::TensorOptions& options)
    : kept_statistics_(kept_statistics),
      scale_(register_parameter(scale_name, at::zeros({features}, options))),
      bias_(register_parameter("bias", at::zeros({features}, options))),
      running_mean_(register_buffer("running_mean", at::zeros({features}, options))),
      running_variance_(register_buffer("running_var", at::ones({features}, options))) {
  if (with_size) register_buffer("dim", at::full({1}, features, options));
}

at::Tensor MaskedBatchNorm::forward(const at::Tensor& values, const FrameMask& mask,
                                    const ForwardOptions& options) const {
  at::Tensor mean = running_mean_;
  at::Tensor variance = running_variance_;
  at::Tensor centred;
  if (options.mode == ForwardMode::train) {
    // Sums over the frames as products with the mask's row: padding takes no part.
    const at::Tensor kept = mask.kept().reshape({1, -1});
    const at::Tensor frames = kept.sum();
    ranks().sum({frames});
    const at::Tensor share = kept / frames;
    mean = sum_over_ranks(at::matmul(share, values.flatten(0, 1)).squeeze(0));
    centred = values - mean;
    variance = sum_over_ranks(at::matmul(share, centred.square().flatten(0, 1)).squeeze(0));
    if (options.update_batch_norm) update(mean, variance);
  } else {
    centred = values - mean;
  }
  const at::Tensor factor = (scale_ + 1) * (variance + kEpsilon).rsqrt();
  return mask.masked(at::addcmul(bias_, centred, factor));
}

void MaskedBatchNorm::update(const at::Tensor& mean, const at::Tensor& variance) const {
  const at::NoGradGuard no_grad;
  running_mean_.mul_(kept_statistics_).add_(mean.detach(), 1 - kept_statistics_);
  running_variance_.mul_(kept_statistics_).add_(variance.detach(), 1 - kept_statistics_);
}

}  // namespace timetrial
