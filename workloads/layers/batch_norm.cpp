#include "workloads/layers/batch_norm.h"

#include <ATen/ATen.h>

#include "timetrial/ranks.h"
#include "workloads/layers/sum_over_ranks.h"

namespace timetrial {
namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kShareOfNewStatistics = 0.1;
constexpr bool kUseCudnn = true;

}  // namespace

BatchNormLayer::BatchNormLayer(int64_t features, const at::TensorOptions& options)
    : weight_(register_parameter("weight", at::ones({features}, options))),
      bias_(register_parameter("bias", at::zeros({features}, options))),
      running_mean_(register_buffer("running_mean", at::zeros({features}, options))),
      running_variance_(register_buffer("running_var", at::ones({features}, options))),
      batches_(register_buffer("num_batches_tracked", at::zeros({}, options.dtype(at::kLong)))) {}

at::Tensor BatchNormLayer::forward(const at::Tensor& values, const ForwardOptions& options) const {
  const bool training = options.mode == ForwardMode::train;
  if (training && ranks().count() > 1) return forward_over_ranks(values, options.update_batch_norm);
  if (training && !options.update_batch_norm) {
    return at::batch_norm(values, weight_, bias_, {}, {}, training, 0, kEpsilon, kUseCudnn);
  }
  if (training) {
    const at::NoGradGuard no_grad;
    batches_.add_(1);
  }
  return at::batch_norm(values, weight_, bias_, running_mean_, running_variance_, training,
                        kShareOfNewStatistics, kEpsilon, kUseCudnn);
}

// Two sums over the ranks, as of one large batch: of the values, then of the squares of what is left.
at::Tensor BatchNormLayer::forward_over_ranks(const at::Tensor& values, bool update) const {
  const auto per_feature = [](const at::Tensor& feature) { return feature.view({1, -1, 1, 1}); };
  const at::Tensor count =
      at::full({}, static_cast<double>(values.numel() / values.size(1)), weight_.options());
  ranks().sum({count});
  const at::Tensor mean = sum_over_ranks(values.sum({0, 2, 3})) / count;
  const at::Tensor centred = values - per_feature(mean);
  const at::Tensor variance = sum_over_ranks(centred.square().sum({0, 2, 3})) / count;
  if (update) {
    const at::NoGradGuard no_grad;
    batches_.add_(1);
    running_mean_.lerp_(mean.detach(), kShareOfNewStatistics);
    running_variance_.lerp_(variance.detach() * (count / (count - 1)), kShareOfNewStatistics);
  }
  return at::addcmul(per_feature(bias_), centred, per_feature(weight_ * (variance + kEpsilon).rsqrt()));
}

}  // namespace timetrial
