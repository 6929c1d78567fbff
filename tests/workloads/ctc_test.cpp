#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/librispeech/ctc_loss.h"
#include "workloads/librispeech/greedy_decoding.h"

namespace timetrial {
namespace {

using Pieces = std::vector<int32_t>;

Pieces collapsed(const Pieces& path) {
  Pieces result;
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] != 0 && (i == 0 || path[i] != path[i - 1])) result.push_back(path[i]);
  }
  return result;
}

// Sums the probabilities of every path of `frames` frames that spells the target.
double plain_loss(const at::Tensor& logits, int64_t frames, const Pieces& target) {
  const at::Tensor shares = logits.softmax(1);
  const int64_t pieces = logits.size(1);
  double total = 0;
  const auto paths = static_cast<int64_t>(std::pow(pieces, frames));
  for (int64_t number = 0; number < paths; ++number) {
    Pieces path;
    double share = 1;
    for (int64_t frame = 0, rest = number; frame < frames; ++frame, rest /= pieces) {
      path.push_back(static_cast<int32_t>(rest % pieces));
      share *= shares[frame][rest % pieces].item<double>();
    }
    if (collapsed(path) == target) total += share;
  }
  return -std::log(total);
}

struct Example {
  at::Tensor logits = at::randn({3, 5, 3}, at::kDouble);
  at::Tensor paddings = torch::tensor({{0., 0., 0., 0., 0.}, {0., 0., 0., 1., 1.}, {0., 0., 1., 1., 1.}});
  Batch batch;

  Example() {
    batch.tensors = {{"targets", torch::tensor({{1, 2, 2}, {1, 0, 0}, {0, 0, 0}})},
                     {"target_paddings", torch::tensor({{0., 0., 0.}, {0., 1., 1.}, {1., 1., 1.}})}};
  }
};

TEST(CtcLoss, IsTheProbabilityOfAllPathsThatSpellTheTarget) {
  const Example example;
  const Loss loss = ctc_loss(example.batch, example.logits, example.paddings);
  const std::vector<double> expected = {plain_loss(example.logits[0], 5, {1, 2, 2}),
                                        plain_loss(example.logits[1], 3, {1}),
                                        plain_loss(example.logits[2], 2, {})};
  double sum = 0;
  for (int64_t e = 0; e < 3; ++e) {
    EXPECT_NEAR(loss.per_example[e].item<double>(), expected[static_cast<size_t>(e)], 1e-10) << e;
    sum += expected[static_cast<size_t>(e)];
  }
  EXPECT_NEAR(loss.summed.item<double>(), sum, 1e-10);
}

TEST(CtcLoss, DividesByTargetTokensOrByWeightedExamples) {
  Example example;
  EXPECT_EQ(ctc_loss(example.batch, example.logits, example.paddings).valid_examples.item<double>(), 4);
  example.batch.tensors["weights"] = torch::tensor({1., 1., 1.});
  const Loss all = ctc_loss(example.batch, example.logits, example.paddings);
  EXPECT_EQ(all.valid_examples.item<double>(), 2);  // an empty target does not count
  example.batch.tensors["weights"] = torch::tensor({0., 1., 0.});
  const Loss one = ctc_loss(example.batch, example.logits, example.paddings);
  EXPECT_EQ(one.valid_examples.item<double>(), 1);
  EXPECT_EQ(one.summed.item<double>(), all.per_example[1].item<double>());
  example.batch.tensors["weights"] = torch::tensor({0., 0., 1.});
  EXPECT_EQ(ctc_loss(example.batch, example.logits, example.paddings).valid_examples.item<double>(), 1);
}

TEST(CtcLoss, GradientIsThatOfTheLossAndIgnoresPadding) {
  Example example;
  at::Tensor logits = example.logits.clone().set_requires_grad(true);
  ctc_loss(example.batch, logits, example.paddings).mean().backward();
  constexpr double kStep = 1e-6;
  for (const auto& [e, frame, piece] : {std::tuple{0, 0, 1}, {0, 4, 2}, {1, 1, 0}, {2, 1, 1}}) {
    const auto moved = [&, e = e, frame = frame, piece = piece](double by) {
      at::Tensor other = example.logits.clone();
      other[e][frame][piece] += by;
      return ctc_loss(example.batch, other, example.paddings).mean().item<double>();
    };
    EXPECT_NEAR(logits.grad()[e][frame][piece].item<double>(), (moved(kStep) - moved(-kStep)) / (2 * kStep),
                1e-8);
  }
  EXPECT_EQ(logits.grad()[1].narrow(0, 3, 2).abs().sum().item<double>(), 0);
}

TEST(CtcLoss, ATargetThatDoesNotFitIsInfinite) {
  Example example;
  example.batch.tensors["targets"] = torch::tensor({{1, 1, 1}, {1, 0, 0}, {0, 0, 0}});
  example.batch.tensors["target_paddings"][1].fill_(0);
  EXPECT_FALSE(
      std::isfinite(ctc_loss(example.batch, example.logits.narrow(1, 0, 4), example.paddings.narrow(1, 0, 4))
                        .per_example[0]
                        .item<double>()));
}

TEST(GreedyDecoding, CollapsesRunsAndDropsBlanksAndPadding) {
  const std::vector<Pieces> paths = {{1, 1, 0, 1, 2, 2}, {0, 0, 0, 0, 0, 0}, {3, 0, 3, 3, 2, 1}};
  at::Tensor logits = at::zeros({3, 6, 4});
  for (size_t e = 0; e < 3; ++e) {
    for (size_t frame = 0; frame < 6; ++frame) {
      logits[static_cast<int64_t>(e)][static_cast<int64_t>(frame)][paths[e][frame]] = 1;
    }
  }
  at::Tensor paddings = at::zeros({3, 6});
  paddings[2].slice(0, 4).fill_(1);
  EXPECT_EQ(greedy_decoding(logits, paddings), (std::vector<Pieces>{{1, 1, 2}, {}, {3, 3}}));
}

TEST(GreedyDecoding, EqualsThePlainFormulationOnRandomLogits) {
  torch::manual_seed(3);
  const at::Tensor logits = at::randn({8, 30, 4});
  const auto decoded = greedy_decoding(logits, at::zeros({8, 30}));
  for (int64_t e = 0; e < 8; ++e) {
    Pieces path;
    for (int64_t frame = 0; frame < 30; ++frame) path.push_back(logits[e][frame].argmax().item<int32_t>());
    EXPECT_EQ(decoded[static_cast<size_t>(e)], collapsed(path));
  }
}

}  // namespace
}  // namespace timetrial
