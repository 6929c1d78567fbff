#include "workloads/layers/resnet.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/workload.h"

namespace timetrial {
namespace {

at::Generator resnet_generator() {
  return seeded_generator(at::kCPU, 3);
}

ResNetConfig small_config() {
  ResNetConfig config;
  config.blocks = {1, 2, 1, 1};
  config.width = 4;
  config.classes = 5;
  config.last_norm_scale = 0.5;
  return config;
}

std::map<std::string, at::Tensor> tensors_of(const torch::nn::Module& module) {
  std::map<std::string, at::Tensor> tensors;
  for (const auto& item : module.named_parameters()) tensors[item.key()] = item.value();
  for (const auto& item : module.named_buffers()) tensors[item.key()] = item.value();
  return tensors;
}

// Normalisation by the batch, written out.
at::Tensor plain_norm(const at::Tensor& values, const at::Tensor& scale, const at::Tensor& shift) {
  const at::Tensor mean = values.mean({0, 2, 3}, true);
  const at::Tensor variance = (values - mean).pow(2).mean({0, 2, 3}, true);
  return (values - mean) / (variance + 1e-5).sqrt() * scale.view({1, -1, 1, 1}) + shift.view({1, -1, 1, 1});
}

struct PlainModel {
  std::map<std::string, at::Tensor> tensors;

  at::Tensor layer(const at::Tensor& input, const std::string& convolution, const std::string& norm,
                   int64_t stride, int64_t padding) const {
    const at::Tensor& weight = tensors.at(convolution + ".weight");
    return plain_norm(at::conv2d(input, weight, {}, stride, padding), tensors.at(norm + ".weight"),
                      tensors.at(norm + ".bias"));
  }

  at::Tensor shortcut(const at::Tensor& input, const std::string& block, int64_t stride) const {
    if (tensors.count(block + "downsample.conv.weight") == 0) return input;
    return layer(input, block + "downsample.conv", block + "downsample.bn", stride, 0);
  }

  at::Tensor bottleneck(const at::Tensor& input, const std::string& block, int64_t stride) const {
    at::Tensor values = layer(input, block + "conv1", block + "bn1", 1, 0).relu();
    values = layer(values, block + "conv2", block + "bn2", stride, 1).relu();
    values = layer(values, block + "conv3", block + "bn3", 1, 0);
    return (values + shortcut(input, block, stride)).relu();
  }

  at::Tensor basic(const at::Tensor& input, const std::string& block, int64_t stride) const {
    at::Tensor values = layer(input, block + "conv1", block + "bn1", stride, 1).relu();
    values = layer(values, block + "conv2", block + "bn2", 1, 1);
    return (values + shortcut(input, block, stride)).relu();
  }
};

TEST(ResNet, BottleneckNetworkEqualsThePlainFormulation) {
  const ResNet model(small_config(), at::kDouble, resnet_generator());
  const at::Tensor images = at::randn({3, 3, 40, 48}, at::kDouble);
  const PlainModel plain{tensors_of(model)};
  at::Tensor values = at::max_pool2d(plain.layer(images, "conv1", "bn1", 2, 3).relu(), 3, 2, 1);
  values = plain.bottleneck(values, "layer1.0.", 1);
  values = plain.bottleneck(values, "layer2.0.", 2);
  values = plain.bottleneck(values, "layer2.1.", 1);
  values = plain.bottleneck(values, "layer3.0.", 2);
  values = plain.bottleneck(values, "layer4.0.", 2);
  const at::Tensor expected = at::linear(at::adaptive_avg_pool2d(values, {1, 1}).flatten(1),
                                         plain.tensors.at("fc.weight"), plain.tensors.at("fc.bias"));
  EXPECT_LT((model.forward(images, {}) - expected).abs().max().item<double>(), 1e-10);
}

TEST(ResNet, BasicNetworkEqualsThePlainFormulation) {
  ResNetConfig config = small_config();
  config.stem = ResNetStem::three_by_three;
  config.block = ResidualBlockKind::basic;
  config.blocks = {1, 1, 1, 1};
  const ResNet model(config, at::kDouble, resnet_generator());
  const at::Tensor images = at::randn({3, 3, 32, 32}, at::kDouble);
  const PlainModel plain{tensors_of(model)};
  EXPECT_EQ(plain.tensors.count("layer1.0.downsample.conv.weight"), 0u);
  at::Tensor values = plain.layer(images, "conv1", "bn1", 1, 1).relu();
  values = plain.basic(values, "layer1.0.", 1);
  for (const std::string stage : {"layer2.0.", "layer3.0.", "layer4.0."})
    values = plain.basic(values, stage, 2);
  const at::Tensor expected = at::linear(at::avg_pool2d(values, 4).flatten(1), plain.tensors.at("fc.weight"),
                                         plain.tensors.at("fc.bias"));
  EXPECT_LT((model.forward(images, {}) - expected).abs().max().item<double>(), 1e-10);
}

TEST(ResNet, GradientsDoNotDependOnTheMemoryOrderOfTheImages) {
  const ResNet model(small_config(), at::kDouble, resnet_generator());
  const at::Tensor images = at::randn({2, 3, 64, 64}, at::kDouble);
  std::vector<std::vector<at::Tensor>> found;
  for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
    for (const auto& parameter : model.parameters()) parameter.mutable_grad().reset();
    model.forward(images.contiguous(format), {}).pow(2).sum().backward();
    found.emplace_back();
    for (const auto& parameter : model.parameters()) found.back().push_back(parameter.grad());
  }
  for (size_t i = 0; i < found[0].size(); ++i) EXPECT_TRUE(at::equal(found[0][i], found[1][i])) << i;
}

TEST(ResNet, LastNormOfEveryBlockStartsAtTheScaleAskedFor) {
  ResNetConfig config = small_config();
  config.last_norm_scale = 8;
  const auto tensors = tensors_of(ResNet(config, at::kDouble, resnet_generator()));
  for (const auto& [name, tensor] : tensors) {
    if (!name.ends_with(".weight") || tensor.dim() != 1) continue;
    const double expected = name.find(".bn3.") != std::string::npos ? 8 : 1;
    EXPECT_EQ(tensor.min().item<double>(), expected) << name;
    EXPECT_EQ(tensor.max().item<double>(), expected) << name;
  }
}

TEST(ResNet, ActivationsAreThoseOfTheVariant) {
  const at::Tensor values = at::linspace(-3, 3, 13, at::kDouble);
  EXPECT_TRUE(at::allclose(activate(Activation::silu, values.clone()), values / (1 + (-values).exp())));
  const at::Tensor inner = std::sqrt(2 / M_PI) * (values + 0.044715 * values.pow(3));
  EXPECT_TRUE(
      at::allclose(activate(Activation::gelu_tanh, values.clone()), 0.5 * values * (1 + inner.tanh())));
  EXPECT_TRUE(at::equal(activate(Activation::relu, values.clone()), values.clamp_min(0)));
}

TEST(BatchNorm, RunningStatisticsMoveATenthOfTheWayInTrainingOnly) {
  const BatchNormLayer norm(3, at::kDouble);
  const at::Tensor values = at::randn({4, 3, 5, 5}, at::kDouble) * 2 + 1;
  norm.forward(values, {});
  const auto tensors = tensors_of(norm);
  const at::Tensor unbiased = values.transpose(0, 1).flatten(1).var(1);
  EXPECT_TRUE(at::allclose(tensors.at("running_mean"), 0.1 * values.mean({0, 2, 3})));
  EXPECT_TRUE(at::allclose(tensors.at("running_var"), 0.9 + 0.1 * unbiased));
  EXPECT_EQ(tensors.at("num_batches_tracked").item<int64_t>(), 1);

  const at::Tensor before = tensors.at("running_var").clone();
  const at::Tensor evaluated = norm.forward(values, {ForwardMode::evaluate, false, std::nullopt});
  EXPECT_TRUE(at::equal(tensors.at("running_var"), before));
  const at::Tensor expected = (values - tensors.at("running_mean").view({1, 3, 1, 1})) /
                              (tensors.at("running_var").view({1, 3, 1, 1}) + 1e-5).sqrt();
  EXPECT_TRUE(at::allclose(evaluated, expected));
}

TEST(BatchNorm, SecondPassKeepsBatchStatisticsAndLeavesTheRunningOnes) {
  const ResNet model(small_config(), at::kDouble, resnet_generator());
  const at::Tensor images = at::randn({2, 3, 32, 32}, at::kDouble);
  std::map<std::string, at::Tensor> before;
  for (const auto& [name, tensor] : tensors_of(model)) before[name] = tensor.clone();
  const at::Tensor kept = model.forward(images, {ForwardMode::train, false, std::nullopt});
  for (const auto& [name, tensor] : tensors_of(model))
    EXPECT_TRUE(at::equal(tensor, before.at(name))) << name;
  EXPECT_TRUE(at::equal(model.forward(images, {}), kept));
  EXPECT_FALSE(at::equal(tensors_of(model).at("bn1.running_mean"), before.at("bn1.running_mean")));
}

}  // namespace
}  // namespace timetrial
