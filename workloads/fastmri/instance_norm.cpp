#include "workloads/fastmri/instance_norm.h"

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr double kEpsilon = 1e-5;

}  // namespace

at::Tensor instance_norm(const at::Tensor& images) {
  return at::instance_norm(images, {}, {}, {}, {}, /*use_input_stats=*/true, /*momentum=*/0.1, kEpsilon,
                           /*cudnn_enabled=*/true);
}

at::Tensor instance_norm_leaky_relu(const at::Tensor& images) {
  return at::leaky_relu(instance_norm(images), kLeakySlope);
}

}  // namespace timetrial
