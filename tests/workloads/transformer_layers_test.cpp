#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/layers/attention.h"
#include "workloads/layers/position_table.h"
#include "workloads/layers/transformer_mlp.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

at::Generator tokens_generator() {
  return seeded_generator(at::kCPU, 3);
}

// One head at a time, the softmax written out.
at::Tensor plain_attention(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                           int64_t heads) {
  const int64_t size = queries.size(-1) / heads;
  std::vector<at::Tensor> outputs;
  for (int64_t head = 0; head < heads; ++head) {
    const auto slice = [&](const at::Tensor& all) { return all.narrow(-1, head * size, size); };
    const at::Tensor scores =
        at::matmul(slice(queries), slice(keys).transpose(1, 2)) / std::sqrt(static_cast<double>(size));
    const at::Tensor weights = scores.exp() / scores.exp().sum(-1, true);
    outputs.push_back(at::matmul(weights, slice(values)));
  }
  return at::cat(outputs, -1);
}

TEST(Attention, EqualsThePlainFormulationForwardAndBackward) {
  std::vector<at::Tensor> inputs;
  for (const int64_t tokens : {5, 9, 9}) {
    inputs.push_back(at::randn({2, tokens, 12}, at::kDouble).requires_grad_());
  }
  const at::Tensor weights = at::randn({2, 5, 12}, at::kDouble);
  const at::Tensor fast = attend(inputs[0], inputs[1], inputs[2], 3);
  const at::Tensor plain = plain_attention(inputs[0], inputs[1], inputs[2], 3);
  EXPECT_LT((fast - plain).abs().max().item<double>(), 1e-12);
  const auto gradients = torch::autograd::grad({(fast * weights).sum()}, inputs);
  const auto expected = torch::autograd::grad({(plain * weights).sum()}, inputs);
  for (size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_LT((gradients[i] - expected[i]).abs().max().item<double>(), 1e-12) << i;
  }
}

TEST(Attention, ProjectionsStandWhereTheirNamesSay) {
  const SelfAttention self(12, 3, at::kDouble, tokens_generator());
  const at::Tensor tokens = at::randn({2, 5, 12}, at::kDouble);
  const auto parameters = self.named_parameters();
  const auto project = [&](const torch::OrderedDict<std::string, at::Tensor>& from, const char* name,
                           const at::Tensor& input) {
    return at::linear(input, from[std::string(name) + ".weight"], from[std::string(name) + ".bias"]);
  };
  const at::Tensor attended =
      plain_attention(project(parameters, "query", tokens), project(parameters, "key", tokens),
                      project(parameters, "value", tokens), 3);
  EXPECT_TRUE(at::allclose(self.forward(tokens, 0), project(parameters, "out", attended)));

  const CrossAttention cross(12, 3, at::kDouble, tokens_generator());
  const auto others = cross.named_parameters();
  const at::Tensor probe = at::randn({2, 1, 12}, at::kDouble);
  const at::Tensor both = project(others, "kv_proj", tokens);
  const at::Tensor looked =
      plain_attention(project(others, "q_proj", probe), both.narrow(-1, 0, 12), both.narrow(-1, 12, 12), 3);
  EXPECT_TRUE(
      at::allclose(cross.forward(probe, tokens, AttentionOptions{}), project(others, "out_proj", looked)));
}

TEST(Attention, DropoutChangesTrainingOnlyWhereAskedFor) {
  const SelfAttention self(12, 3, at::kFloat, tokens_generator());
  const at::Tensor tokens = at::randn({2, 5, 12});
  EXPECT_TRUE(at::equal(self.forward(tokens, 0), self.forward(tokens, 0)));
  EXPECT_FALSE(at::equal(self.forward(tokens, 0.5), self.forward(tokens, 0)));
}

TEST(TransformerMlp, GateMultipliesTheActivatedValues) {
  for (const bool gated : {false, true}) {
    const TransformerMlp mlp(6, 10, gated, at::kDouble, tokens_generator());
    const auto parameters = mlp.named_parameters();
    const auto project = [&](const std::string& name, const at::Tensor& input) {
      return at::linear(input, parameters[name + ".weight"], parameters[name + ".bias"]);
    };
    const at::Tensor tokens = at::randn({2, 4, 6}, at::kDouble);
    at::Tensor hidden = at::gelu(project("linear1", tokens), "tanh");
    if (gated) hidden = hidden * project("glu_linear", hidden);
    EXPECT_TRUE(at::allclose(mlp.forward(tokens, 0), project("linear2", hidden)));
    EXPECT_EQ(parameters.contains("glu_linear.weight"), gated);
  }
}

TEST(PositionTable, HoldsSinesAndCosinesOfColumnThenRow) {
  const at::Tensor table = grid_positions(2, 3, 8, at::kDouble);
  ASSERT_EQ(table.sizes(), at::IntArrayRef({6, 8}));
  // Row 1, column 2; frequencies 1 and 1/10000.
  const std::vector<double> expected = {std::sin(2.0), std::sin(2e-4), std::cos(2.0), std::cos(2e-4),
                                        std::sin(1.0), std::sin(1e-4), std::cos(1.0), std::cos(1e-4)};
  for (int64_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(table[5][i].item<double>(), expected[static_cast<size_t>(i)], 1e-15) << i;
  }
  EXPECT_THROW(grid_positions(2, 2, 10, at::kDouble), std::logic_error);
}

}  // namespace
}  // namespace timetrial
