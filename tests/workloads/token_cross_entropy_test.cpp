#include "workloads/layers/token_cross_entropy.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace timetrial {
namespace {

// The definition, written out: -Σ q log softmax with q = (1 - ε) onehot + ε / vocabulary.
at::Tensor plain_losses(const at::Tensor& logits, const at::Tensor& targets, double smoothing) {
  const auto classes = static_cast<double>(logits.size(1));
  const at::Tensor q =
      (1 - smoothing) * at::one_hot(targets, logits.size(1)).to(logits.scalar_type()) + smoothing / classes;
  const at::Tensor exponentials = (logits - logits.amax(1, true).detach()).exp();
  return -(q * (exponentials / exponentials.sum(1, true)).log()).sum(1);
}

struct Example {
  explicit Example(at::ScalarType dtype, int64_t rows = 37, int64_t classes = 203)
      : logits((3 * at::randn({rows, classes}, at::kDouble)).to(dtype).requires_grad_()),
        targets(at::randint(classes, {rows}, at::kLong)),
        weights(at::randn({rows}, at::kDouble).to(dtype == at::kDouble ? at::kDouble : at::kFloat)) {
    weights[2] = 0;
  }

  at::Tensor gradient_of(const at::Tensor& losses) const {
    return torch::autograd::grad({(losses * weights.to(losses.scalar_type())).sum()}, {logits}).front();
  }

  at::Tensor logits, targets, weights;
};

double largest_difference(const at::Tensor& left, const at::Tensor& right) {
  return (left.to(at::kDouble) - right.to(at::kDouble)).abs().max().item<double>();
}

TEST(TokenCrossEntropy, IsItsDefinitionForwardAndBackward) {
  torch::manual_seed(1);
  for (const double smoothing : {0.0, 0.1}) {
    const Example example(at::kDouble);
    const at::Tensor losses = token_cross_entropy(example.logits, example.targets, smoothing);
    const at::Tensor expected = plain_losses(example.logits, example.targets, smoothing);
    EXPECT_LT(largest_difference(losses, expected), 1e-12);
    const at::Tensor gradient = example.gradient_of(losses);
    EXPECT_LT(largest_difference(gradient, example.gradient_of(expected)), 1e-13);
    EXPECT_EQ(gradient[2].abs().max().item<double>(), 0);
  }
}

TEST(TokenCrossEntropy, InSinglePrecisionIsAsGoodAsTorchs) {
  torch::manual_seed(2);
  for (const double smoothing : {0.0, 0.1}) {
    const Example example(at::kFloat, 9, 32000);
    const at::Tensor exact = plain_losses(example.logits.to(at::kDouble), example.targets, smoothing);
    const at::Tensor losses = token_cross_entropy(example.logits, example.targets, smoothing);
    const at::Tensor torchs =
        at::cross_entropy_loss(example.logits, example.targets, {}, at::Reduction::None, -100, smoothing);
    EXPECT_LT(largest_difference(losses, exact), 2 * largest_difference(torchs, exact) + 2e-6);
    EXPECT_LT(largest_difference(example.gradient_of(losses), example.gradient_of(exact)), 1e-6);
  }
}

TEST(TokenCrossEntropy, OfFewerBitsSumsInSinglePrecision) {
  torch::manual_seed(3);
  const Example example(at::kBFloat16, 600, 4001);  // more than one chunk
  const at::Tensor losses = token_cross_entropy(example.logits, example.targets, 0.1);
  EXPECT_EQ(losses.scalar_type(), at::kFloat);
  const at::Tensor exact = plain_losses(example.logits.to(at::kDouble), example.targets, 0.1);
  EXPECT_LT(largest_difference(losses, exact), 1e-4);
  const at::Tensor gradient = example.gradient_of(losses);
  EXPECT_EQ(gradient.scalar_type(), at::kBFloat16);
  EXPECT_LT(largest_difference(gradient, example.gradient_of(exact)), 0.01);  // of bfloat16's own rounding
}

TEST(TokenCrossEntropy, LargeLogitsNeitherOverflowNorVanish) {
  const at::Tensor logits = torch::tensor({{1e4, 0.0, -1e4}, {-1e30, -1e30, -1e30}}, at::kFloat);
  const at::Tensor losses = token_cross_entropy(logits, torch::tensor({1, 0}), 0);
  EXPECT_EQ(losses[0].item<float>(), 1e4F);
  EXPECT_NEAR(losses[1].item<float>(), 0, 1.2);  // log 3 is lost beside 1e30
  const at::Tensor broken = torch::tensor({{0.0, std::nan(""), 1.0}}, at::kFloat);
  EXPECT_TRUE(std::isnan(token_cross_entropy(broken, torch::tensor({0}), 0).item<float>()));
}

TEST(TokenCrossEntropy, SecondDerivativesAreThoseOfTheDefinition) {
  torch::manual_seed(4);
  const Example example(at::kDouble, 5, 7);
  const at::Tensor direction = at::randn({5, 7}, at::kDouble);
  const auto second = [&](const at::Tensor& losses) {
    const at::Tensor first = torch::autograd::grad({(losses * example.weights).sum()}, {example.logits}, {},
                                                   /*retain_graph=*/true, /*create_graph=*/true)
                                 .front();
    return torch::autograd::grad({(first * direction).sum()}, {example.logits}).front();
  };
  EXPECT_LT(largest_difference(second(token_cross_entropy(example.logits, example.targets, 0.1)),
                               second(plain_losses(example.logits, example.targets, 0.1))),
            1e-13);
}

TEST(TokenCrossEntropy, RefusesTargetsOutsideTheVocabulary) {
  const at::Tensor logits = at::zeros({2, 5});
  for (const int64_t target : {-1, 5}) {
    EXPECT_THROW(token_cross_entropy(logits, torch::tensor({int64_t{0}, target}), 0), c10::Error);
  }
  EXPECT_THROW(token_cross_entropy(logits, torch::tensor({0}), 0), c10::Error);
  EXPECT_EQ(token_cross_entropy(at::zeros({0, 5}), at::empty({0}, at::kLong), 0).numel(), 0);
}

}  // namespace
}  // namespace timetrial
