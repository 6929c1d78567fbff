#include "workloads/layers/resnet.h"

#include <ATen/ATen.h>

#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

constexpr double kOutputDeviation = 0.01;

ConvolutionShape stem_shape(const ResNetConfig& config) {
  if (config.stem == ResNetStem::seven_by_seven) {
    return {.inputs = 3, .outputs = config.width, .kernel = 7, .stride = 2, .padding = 3};
  }
  return {.inputs = 3, .outputs = config.width, .kernel = 3, .padding = 1};
}

}  // namespace

ResNet::ResNet(const ResNetConfig& config, const at::TensorOptions& options, const at::Generator& generator)
    : stem_(config.stem),
      activation_(config.activation),
      format_(options.device().is_cpu() ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous) {
  stem_convolution_ =
      register_module("conv1", std::make_shared<ConvolutionLayer>(stem_shape(config), options, format_));
  stem_convolution_->init_lecun(generator);
  stem_norm_ = register_module("bn1", std::make_shared<BatchNormLayer>(config.width, options));
  int64_t channels = config.width;
  for (int64_t stage = 0; stage < 4; ++stage) add_stage(config, stage, channels, options, generator);
  output_ = register_module("fc", std::make_shared<LinearLayer>(channels, config.classes, options));
  fill_normal(output_->weight(), kOutputDeviation, generator);
  fill_constant(output_->bias(), 0);
}

void ResNet::add_stage(const ResNetConfig& config, int64_t stage, int64_t& channels,
                       const at::TensorOptions& options, const at::Generator& generator) {
  const auto layer =
      register_module("layer" + std::to_string(stage + 1), std::make_shared<torch::nn::Module>());
  ResidualBlockShape shape = {.kind = config.block,
                              .inputs = channels,
                              .width = config.width << stage,
                              .stride = stage == 0 ? 1 : 2,
                              .activation = config.activation,
                              .last_norm_scale = config.last_norm_scale};
  for (int64_t i = 0; i < config.blocks[static_cast<size_t>(stage)]; ++i) {
    blocks_.push_back(layer->register_module(
        std::to_string(i), std::make_shared<ResidualBlock>(shape, options, format_, generator)));
    shape.inputs = shape.width * expansion(shape.kind);
    shape.stride = 1;
  }
  channels = shape.inputs;
}

at::Tensor ResNet::forward(const at::Tensor& images, const ForwardOptions& options) const {
  at::Tensor values = stem_convolution_->forward(images.contiguous(format_));
  values = activate(activation_, stem_norm_->forward(values, options));
  if (stem_ == ResNetStem::seven_by_seven) values = at::max_pool2d(values, 3, 2, 1);
  for (const auto& block : blocks_) values = block->forward(values, options);
  return output_->forward(values.mean({2, 3}));
}

}  // namespace timetrial
