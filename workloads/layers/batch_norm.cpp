#include "workloads/layers/batch_norm.h"

#include <ATen/ATen.h>

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

}  // namespace timetrial
