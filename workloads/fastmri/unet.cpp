#include "workloads/fastmri/unet.h"

#include <ATen/ATen.h>

#include "harness/errors/user_error.h"
#include "workloads/fastmri/unet_blocks.h"

namespace timetrial {
namespace {

constexpr int64_t kMiniChannels = 12;
constexpr int64_t kMiniPools = 3;

// Makes `images` as large as `other` where pooling had dropped an odd last row or column.
at::Tensor reflect_to_size_of(const at::Tensor& images, const at::Tensor& other) {
  const int64_t right = images.size(3) != other.size(3) ? 1 : 0;
  const int64_t bottom = images.size(2) != other.size(2) ? 1 : 0;
  if (right + bottom == 0) return images;
  return at::reflection_pad2d(images, {0, right, 0, bottom});
}

}  // namespace

UnetConfig unet_config(bool mini, const std::string& variant) {
  UnetConfig config;
  if (mini) {
    config.channels = kMiniChannels;
    config.pools = kMiniPools;
  }
  if (variant == "model_size") {
    config.channels *= 2;
    config.pools -= 1;
  } else if (variant == "tanh") {
    config.tanh = true;
  } else if (variant == "layernorm") {
    config.layer_norm = true;
  } else if (!variant.empty()) {
    throw UserError({"fastmri has no such variant", "", variant, "take model_size, tanh, layernorm or none"});
  }
  return config;
}

Unet::Unet(const UnetConfig& config, const at::TensorOptions& options, const at::Generator& generator) {
  const auto make_block = [&](int64_t inputs, int64_t outputs) {
    return std::make_shared<UnetBlock>(inputs, outputs, config, options, generator);
  };
  // Registered in the order of the reference's state dict.
  const auto down = register_module("down_sample_layers", std::make_shared<torch::nn::Module>());
  int64_t channels = config.channels;
  for (int64_t i = 0; i < config.pools; ++i) {
    const int64_t inputs = i == 0 ? 1 : channels / 2;
    down_.push_back(down->register_module(std::to_string(i), make_block(inputs, channels)));
    channels *= 2;
  }
  bottom_ = register_module("conv", make_block(channels / 2, channels));
  const auto up = register_module("up_conv", std::make_shared<torch::nn::Module>());
  const auto upsampling = register_module("up_transpose_conv", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < config.pools; ++i) {
    const std::string name = std::to_string(i);
    upsampling_.push_back(upsampling->register_module(
        name, std::make_shared<UpsamplingBlock>(channels, channels / 2, config, options, generator)));
    if (i + 1 < config.pools) {
      up_.push_back(up->register_module(name, make_block(channels, channels / 2)));
    } else {
      const auto last = up->register_module(name, std::make_shared<torch::nn::Module>());
      up_.push_back(last->register_module("0", make_block(channels, channels / 2)));
      const ConvolutionShape shape{.inputs = channels / 2, .outputs = 1, .bias = true};
      output_ = last->register_module("1", std::make_shared<ConvolutionLayer>(shape, options));
      output_->init_lecun(generator);
      output_layer_ = "up_conv." + name + ".1";
    }
    channels /= 2;
  }
}

at::Tensor Unet::forward(const at::Tensor& images, double dropout_rate) const {
  std::vector<at::Tensor> skipped;
  at::Tensor values = images.unsqueeze(1);
  for (const auto& block : down_) {
    skipped.push_back(block->forward(values, dropout_rate));
    values = at::avg_pool2d(skipped.back(), {2, 2});
  }
  values = bottom_->forward(values, dropout_rate);
  for (size_t i = 0; i < up_.size(); ++i) {
    const at::Tensor& beside = skipped[skipped.size() - 1 - i];
    values = reflect_to_size_of(upsampling_[i]->forward(values), beside);
    values = up_[i]->forward(at::cat({values, beside}, 1), dropout_rate);
  }
  return output_->forward(values).squeeze(1);
}

}  // namespace timetrial
