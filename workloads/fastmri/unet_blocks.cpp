#include "workloads/fastmri/unet_blocks.h"

#include <ATen/ATen.h>

#include "workloads/fastmri/instance_norm.h"
#include "workloads/fastmri/plane_norm.h"
#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

constexpr double kLayerNormEpsilon = 1e-6;

}  // namespace

UnetBlock::UnetBlock(int64_t inputs, int64_t outputs, const UnetConfig& config,
                     const at::TensorOptions& options, const at::Generator& generator)
    : tanh_(config.tanh) {
  const auto layers = register_module("conv_layers", std::make_shared<torch::nn::Module>());
  // The numbers are places in the reference's sequence: convolution, norm, activation, dropout, twice.
  const auto make_stage = [&](int64_t channels, int place) {
    Stage stage;
    const ConvolutionShape shape{.inputs = channels, .outputs = outputs, .kernel = 3, .padding = 1};
    stage.convolution =
        layers->register_module(std::to_string(place), std::make_shared<ConvolutionLayer>(shape, options));
    stage.convolution->init_lecun(generator);
    if (config.layer_norm) {
      const auto norm =
          layers->register_module(std::to_string(place + 1), std::make_shared<torch::nn::Module>());
      stage.scale = norm->register_parameter("weight", at::ones({outputs}, options));
      stage.shift = norm->register_parameter("bias", at::zeros({outputs}, options));
    }
    return stage;
  };
  first_ = make_stage(inputs, 0);
  second_ = make_stage(outputs, 4);
}

at::Tensor UnetBlock::run(const Stage& stage, const at::Tensor& images, double dropout_rate) const {
  at::Tensor values = stage.convolution->forward(images);
  if (stage.scale.defined()) {
    values = at::group_norm(values, 1, stage.scale, stage.shift, kLayerNormEpsilon);
    values = tanh_ ? at::tanh(values) : at::leaky_relu(values, kLeakySlope);
  } else {
    values = tanh_ ? at::tanh(instance_norm(values)) : instance_norm_leaky_relu(values);
  }
  return dropout_rate > 0 && is_training() ? at::feature_dropout(values, dropout_rate, true) : values;
}

at::Tensor UnetBlock::forward(const at::Tensor& images, double dropout_rate) const {
  return run(second_, run(first_, images, dropout_rate), dropout_rate);
}

UpsamplingBlock::UpsamplingBlock(int64_t inputs, int64_t outputs, const UnetConfig& config,
                                 const at::TensorOptions& options, const at::Generator& generator)
    : tanh_(config.tanh) {
  const auto layers = register_module("layers", std::make_shared<torch::nn::Module>());
  const auto convolution = layers->register_module("0", std::make_shared<torch::nn::Module>());
  weight_ = convolution->register_parameter("weight", at::empty({inputs, outputs, 2, 2}, options));
  // Fan-in by the layout of the weight, as the reference has it: outputs * 4, not inputs.
  fill_lecun_normal(weight_, generator);
}

at::Tensor UpsamplingBlock::forward(const at::Tensor& images) const {
  // Patches of 2 x 2 do not overlap: a 1x1 convolution to four values an output channel, which are then put
  // into their places, is faster than the transposed convolution.
  const at::Tensor kernel = weight_.flatten(1).t().unsqueeze(2).unsqueeze(3);
  const at::Tensor values = at::pixel_shuffle(at::conv2d(images, kernel), 2);
  return tanh_ ? at::tanh(instance_norm(values)) : instance_norm_leaky_relu(values);
}

}  // namespace timetrial
