#include "workloads/fastmri/unet.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/fastmri/instance_norm.h"
#include "workloads/fastmri/plane_norm.h"
#include "workloads/fastmri/unet_blocks.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

int64_t parameter_count(const std::string& variant) {
  const Unet model(unet_config(false, variant), at::TensorOptions().device(at::kMeta), {});
  int64_t count = 0;
  for (const auto& parameter : model.parameters()) count += parameter.numel();
  return count;
}

at::Generator generator() {
  return seeded_generator(at::kCPU, 3);
}

at::Tensor random(at::IntArrayRef shape, at::ScalarType dtype = at::kDouble) {
  return at::randn(shape, generator(), at::TensorOptions(dtype));
}

TEST(Unet, ParameterCountsOfTheVariants) {
  EXPECT_EQ(parameter_count(""), 7756097);
  EXPECT_EQ(parameter_count("model_size"), 7692929);
  EXPECT_EQ(parameter_count("tanh"), 7756097);
  EXPECT_EQ(parameter_count("layernorm"), 7761985);
}

TEST(Unet, OutputHasTheShapeOfAnyInput) {
  for (const char* variant : {"", "model_size", "tanh", "layernorm"}) {
    Unet model(unet_config(true, variant), at::TensorOptions(at::kFloat), generator());
    for (const auto& shape : {std::vector<int64_t>{2, 16, 16}, {1, 33, 50}, {3, 47, 31}}) {
      EXPECT_EQ(model.forward(random(shape, at::kFloat), 0).sizes(), at::IntArrayRef(shape)) << variant;
    }
  }
}

TEST(Unet, InitialValuesFollowFanIn) {
  const Unet model(unet_config(false, ""), at::TensorOptions(at::kFloat), generator());
  const auto deviation = [&](const std::string& name) {
    return model.named_parameters()[name].std().item<double>();
  };
  EXPECT_NEAR(deviation("conv.conv_layers.4.weight"), std::sqrt(1.0 / (512 * 9)), 1e-4);
  // By the weight's layout: outputs * 4.
  EXPECT_NEAR(deviation("up_transpose_conv.0.layers.0.weight"), std::sqrt(1.0 / (256 * 4)), 1e-4);
  EXPECT_EQ(model.named_parameters()["up_conv.3.1.bias"].item<float>(), 0);
}

TEST(Unet, DropoutDropsChannelsInTrainingOnly) {
  UnetBlock block(1, 64, unet_config(true, ""), at::TensorOptions(at::kFloat), generator());
  const at::Tensor images = random({1, 1, 16, 16}, at::kFloat);
  const at::Tensor dropped = block.forward(images, 0.5).abs().sum(at::IntArrayRef{2, 3}).eq(0);
  EXPECT_GT(dropped.sum().item<int64_t>(), 5);
  EXPECT_LT(dropped.sum().item<int64_t>(), 60);
  block.eval();
  EXPECT_TRUE(at::equal(block.forward(images, 0.5), block.forward(images, 0)));
}

TEST(UpsamplingBlock, IsTheTransposedConvolution) {
  UpsamplingBlock block(6, 4, unet_config(true, ""), at::TensorOptions(at::kDouble), generator());
  const at::Tensor images = random({2, 6, 5, 7}).set_requires_grad(true);
  const at::Tensor weight = block.parameters().front();
  const at::Tensor found = block.forward(images);
  const at::Tensor expected = at::leaky_relu(instance_norm(at::conv_transpose2d(images, weight, {}, 2)), 0.2);
  EXPECT_TRUE(at::allclose(found, expected, 1e-12, 1e-12));
  const at::Tensor direction = random(found.sizes());
  const auto gradients = torch::autograd::grad({found}, {images, weight}, {direction});
  const auto wanted = torch::autograd::grad({expected}, {images, weight}, {direction});
  for (size_t i = 0; i < 2; ++i) EXPECT_TRUE(at::allclose(gradients[i], wanted[i], 1e-10, 1e-11));
}

// The one-pass form against the composed one.
TEST(InstanceNormLeakyRelu, EqualsItsParts) {
  for (const auto& shape : {std::vector<int64_t>{2, 3, 8, 8}, {1, 5, 3, 7}, {3, 1, 1, 33}}) {
    const at::Tensor images = (random(shape) * 3 + 1).set_requires_grad(true);
    const at::Tensor found = instance_norm_leaky_relu(images);
    const at::Tensor expected = at::leaky_relu(instance_norm(images), kLeakySlope);
    EXPECT_TRUE(at::allclose(found, expected, 1e-11, 1e-12));
    const at::Tensor direction = random(shape) + 0.5;
    const auto gradient = torch::autograd::grad({found}, {images}, {direction}).front();
    EXPECT_TRUE(at::allclose(gradient, torch::autograd::grad({expected}, {images}, {direction}).front(), 1e-9,
                             1e-10));
  }
}

TEST(InstanceNormLeakyRelu, FloatIsCloseToDouble) {
  const at::Tensor images = random({2, 4, 40, 40}) + 100;
  const at::Tensor found = instance_norm_leaky_relu(images.to(at::kFloat));
  const at::Tensor wanted = instance_norm_leaky_relu(images.to(at::kFloat).to(at::kDouble));
  EXPECT_LT((found.to(at::kDouble) - wanted).abs().max().item<double>(), 2e-5);
}

TEST(InstanceNormLeakyRelu, HasASecondDerivative) {
  const at::Tensor images = random({1, 2, 4, 5}).set_requires_grad(true);
  const at::Tensor direction = random({1, 2, 4, 5});
  const auto curvature = [&](const at::Tensor& values) {
    const auto gradient =
        torch::autograd::grad({values}, {images}, {direction}, /*retain_graph=*/true, /*create_graph=*/true);
    return torch::autograd::grad({gradient.front().square().sum()}, {images}).front();
  };
  EXPECT_TRUE(at::allclose(curvature(instance_norm_leaky_relu(images)),
                           curvature(at::leaky_relu(instance_norm(images), kLeakySlope)), 1e-8, 1e-9));
}

TEST(InstanceNormLeakyRelu, ConstantChannelStaysFinite) {
  const at::Tensor images = at::full({1, 1, 4, 4}, 5.0f).set_requires_grad(true);
  const at::Tensor values = instance_norm_leaky_relu(images);
  EXPECT_EQ(values.abs().max().item<float>(), 0);
  values.sum().backward();
  EXPECT_TRUE(images.grad().isfinite().all().item<bool>());
}

}  // namespace
}  // namespace timetrial
