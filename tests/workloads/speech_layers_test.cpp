#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/librispeech/halving_convolution.h"
#include "workloads/librispeech/masked_batch_norm.h"
#include "workloads/librispeech/subsampling.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

// Output (i, j) reads rows 2 i + y - top, columns 2 j + x - left; what lies outside is zero.
at::Tensor plain_halving(const at::Tensor& input, const at::Tensor& kernel, const at::Tensor& bias) {
  const int64_t height = input.size(1), width = input.size(2);
  const int64_t top = height % 2, left = width % 2;
  at::Tensor output =
      at::zeros({input.size(0), (height + 1) / 2, (width + 1) / 2, kernel.size(0)}, input.options());
  output += bias;
  for (int64_t b = 0; b < input.size(0); ++b) {
    for (int64_t i = 0; i < output.size(1); ++i) {
      for (int64_t j = 0; j < output.size(2); ++j) {
        for (int64_t y = 0; y < 3; ++y) {
          for (int64_t x = 0; x < 3; ++x) {
            const int64_t row = 2 * i + y - top, column = 2 * j + x - left;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            output[b][i][j] += at::matmul(kernel.select(3, x).select(2, y), input[b][row][column]);
          }
        }
      }
    }
  }
  return output;
}

TEST(HalvingConvolution, EqualsThePlainFormulationForwardAndBackward) {
  torch::manual_seed(1);
  for (const int64_t channels : {1, 3, 32}) {
    for (const auto& [height, width] : {std::pair<int64_t, int64_t>{6, 8}, {7, 5}, {6, 5}, {9, 4}, {1, 2}}) {
      SCOPED_TRACE(std::to_string(channels) + " " + std::to_string(height) + " " + std::to_string(width));
      const std::vector<at::Tensor> inputs = {
          at::randn({2, height, width, channels}, at::kDouble).requires_grad_(),
          at::randn({4, channels, 3, 3}, at::kDouble).requires_grad_(),
          at::randn({4}, at::kDouble).requires_grad_()};
      const at::Tensor expected = plain_halving(inputs[0].detach(), inputs[1].detach(), inputs[2].detach());
      const at::Tensor composed = halving_convolution_composed(inputs[0], inputs[1], inputs[2]);
      const at::Tensor fast = halving_convolution(inputs[0], inputs[1], inputs[2]);
      ASSERT_EQ(fast.sizes(), expected.sizes());
      EXPECT_LT((composed - expected).abs().max().item<double>(), 1e-12);
      EXPECT_LT((fast - expected).abs().max().item<double>(), 1e-12);
      const at::Tensor weights = at::randn_like(expected);
      const auto found = torch::autograd::grad({(fast * weights).sum()}, inputs);
      const auto wanted = torch::autograd::grad({(composed * weights).sum()}, inputs);
      for (size_t i = 0; i < inputs.size(); ++i) {
        EXPECT_LT((found[i] - wanted[i]).abs().max().item<double>(), 1e-11) << i;
      }
    }
  }
}

TEST(HalvingConvolution, SecondDerivativesAreThoseOfTheConvolution) {
  torch::manual_seed(1);
  const std::vector<at::Tensor> inputs = {at::randn({1, 4, 5, 32}, at::kDouble).requires_grad_(),
                                          at::randn({3, 32, 3, 3}, at::kDouble).requires_grad_(),
                                          at::randn({3}, at::kDouble).requires_grad_()};
  const auto second = [&](const auto& convolution) {
    const at::Tensor output = convolution(inputs[0], inputs[1], inputs[2]);
    const auto first = torch::autograd::grad({output.square().sum()}, {inputs[1]}, {}, true, true);
    return torch::autograd::grad({first[0].square().sum()}, {inputs[0]})[0];
  };
  EXPECT_TRUE(at::allclose(second(halving_convolution), second(halving_convolution_composed)));
}

FrameMask ragged_mask() {
  return FrameMask(torch::tensor({{0., 0., 0., 0.}, {0., 0., 1., 1.}}, at::kDouble), at::kDouble);
}

TEST(MaskedBatchNorm, NormalisesByTheFramesThatAreNoPadding) {
  torch::manual_seed(1);
  MaskedBatchNorm norm(3, "scale", true, kFullKeptStatistics, at::kDouble);
  const auto parameters = norm.named_parameters();
  {
    const at::NoGradGuard no_grad;
    parameters["scale"].normal_();
    parameters["bias"].normal_();
  }
  const at::Tensor values = at::randn({2, 4, 3}, at::kDouble);
  const at::Tensor real = at::cat({values[0], values[1].narrow(0, 0, 2)});
  const at::Tensor mean = real.mean(0);
  const at::Tensor variance = (real - mean).square().mean(0);
  const at::Tensor scale = parameters["scale"], bias = parameters["bias"];
  const auto expected = [&](const at::Tensor& centre, const at::Tensor& spread) {
    at::Tensor all = (values - centre) / (spread + 1e-3).sqrt() * (1 + scale) + bias;
    all = all.clone();
    all[1].narrow(0, 2, 2).zero_();
    return all;
  };
  const at::NoGradGuard no_grad;
  const at::Tensor trained = norm.forward(values, ragged_mask(), {ForwardMode::train, true, std::nullopt});
  EXPECT_LT((trained - expected(mean, variance)).abs().max().item<double>(), 1e-12);
  const auto buffers = norm.named_buffers();
  EXPECT_LT((buffers["running_mean"] - 0.001 * mean).abs().max().item<double>(), 1e-15);
  EXPECT_LT((buffers["running_var"] - 0.999 - 0.001 * variance).abs().max().item<double>(), 1e-15);
  const at::Tensor before = buffers["running_mean"].clone();
  norm.forward(values, ragged_mask(), {ForwardMode::train, false, std::nullopt});
  EXPECT_TRUE(at::equal(before, norm.named_buffers()["running_mean"]));
  const at::Tensor evaluated =
      norm.forward(values, ragged_mask(), {ForwardMode::evaluate, true, std::nullopt});
  EXPECT_LT((evaluated - expected(before, buffers["running_var"])).abs().max().item<double>(), 1e-12);
  EXPECT_TRUE(at::equal(before, norm.named_buffers()["running_mean"]));
}

TEST(MaskedBatchNorm, PaddingNeitherGetsNorGivesGradients) {
  MaskedBatchNorm norm(3, "weight", false, kFullKeptStatistics, at::kDouble);
  at::Tensor values = at::randn({2, 4, 3}, at::kDouble).requires_grad_();
  norm.forward(values, ragged_mask(), {}).pow(3).sum().backward();
  EXPECT_EQ(values.grad()[1].narrow(0, 2, 2).abs().sum().item<double>(), 0);
  EXPECT_GT(values.grad()[1].narrow(0, 0, 2).abs().sum().item<double>(), 0);
}

TEST(Subsampling, QuartersFramesAndAddsPositions) {
  SubsamplingShape shape;
  shape.channels = 6;
  shape.width = 8;
  const Subsampling layer(shape, at::kDouble, seeded_generator(at::kCPU, 1));
  shape.positions = false;
  shape.linear_name = "lin";
  const Subsampling bare(shape, at::kDouble, seeded_generator(at::kCPU, 1));
  const at::Tensor features = at::randn({2, 10, 80}, at::kDouble);
  at::Tensor paddings = at::zeros({2, 10}, at::kDouble);
  paddings[1].slice(0, 5).fill_(1);
  const at::NoGradGuard no_grad;
  const at::Tensor positions = layer.forward(features, paddings, 0) - bare.forward(features, paddings, 0);
  ASSERT_EQ(positions.sizes(), at::IntArrayRef({2, 3, 8}));
  for (int64_t place = 0; place < 3; ++place) {
    for (int64_t i = 0; i < 4; ++i) {
      const double angle = static_cast<double>(place) * std::pow(1e4, -static_cast<double>(i) / 3);
      EXPECT_NEAR(positions[1][place][i].item<double>(), std::sin(angle), 1e-6);
      EXPECT_NEAR(positions[0][place][4 + i].item<double>(), std::cos(angle), 1e-6);
    }
  }
  // Frames 5 to 9 are padding: after both halvings nothing is left of the last place but the bias.
  EXPECT_TRUE(at::equal(bare.forward(features, paddings, 0)[1][2], bare.named_parameters()["lin.bias"]));
}

}  // namespace
}  // namespace timetrial
