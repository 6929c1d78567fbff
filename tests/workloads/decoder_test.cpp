#include "workloads/finewebedu_lm/decoder.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/finewebedu_lm/autocast_scope.h"
#include "workloads/fingerprint/parameter_fill.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr DecoderConfig kSmall = {.vocabulary = 50, .context = 12, .width = 24, .layers = 2, .heads = 3};

std::shared_ptr<Decoder> small_decoder(at::ScalarType dtype = at::kDouble) {
  auto decoder = std::make_shared<Decoder>(kSmall, dtype, seeded_generator(at::kCPU, 3));
  fill_parameters(*decoder);
  return decoder;
}

at::Tensor some_tokens() {
  return at::arange(2 * 10, at::kLong).mul(7).remainder(kSmall.vocabulary).view({2, 10});
}

using Parameters = torch::OrderedDict<std::string, at::Tensor>;

at::Tensor plain_norm(const at::Tensor& x, const at::Tensor& weight) {
  return x / ((x * x).mean(-1, true) + 1e-6).sqrt() * weight;
}

// One vector of one head at one position: each pair turned by its angle in float32, then length 1, then ε.
at::Tensor plain_rotated_unit(const at::Tensor& head, int64_t position) {
  const int64_t size = head.size(0);
  const at::Tensor single = head.to(at::kFloat);
  std::vector<at::Tensor> turned;
  for (int64_t i = 0; i < size / 2; ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(size);
    const float angle = static_cast<float>(position) * (1 / std::pow(500000.0f, exponent));
    const at::Tensor a = single[2 * i];
    const at::Tensor b = single[2 * i + 1];
    turned.push_back(a * std::cos(angle) - b * std::sin(angle));
    turned.push_back(a * std::sin(angle) + b * std::cos(angle));
  }
  const at::Tensor wide = at::stack(turned).to(head.scalar_type());
  return wide / (wide * wide).sum().sqrt() + 1e-6;
}

// Token by token and head by head; the softmax over what came before written out.
at::Tensor plain_attention(const at::Tensor& x, const Parameters& parameters, const std::string& name) {
  const int64_t size = kSmall.head_size();
  const at::Tensor projected = at::matmul(x, parameters[name + ".w_qkv.weight"].t());
  std::vector<at::Tensor> rows;
  for (int64_t row = 0; row < x.size(0); ++row) {
    std::vector<at::Tensor> tokens;
    for (int64_t t = 0; t < x.size(1); ++t) {
      std::vector<at::Tensor> heads;
      for (int64_t head = 0; head < kSmall.heads; ++head) {
        const auto part = [&](int64_t which, int64_t at) {
          return projected[row][at].narrow(0, which * kSmall.width + head * size, size);
        };
        const at::Tensor query = plain_rotated_unit(part(0, t), t) * parameters[name + ".attn_scale"];
        std::vector<at::Tensor> scores;
        std::vector<at::Tensor> values;
        for (int64_t before = 0; before <= t; ++before) {
          scores.push_back((query * plain_rotated_unit(part(1, before), before)).sum());
          values.push_back(part(2, before));
        }
        const at::Tensor weights = at::stack(scores).exp();
        heads.push_back(at::matmul(weights / weights.sum(), at::stack(values)));
      }
      tokens.push_back(at::cat(heads));
    }
    rows.push_back(at::stack(tokens));
  }
  return at::matmul(at::stack(rows), parameters[name + ".w_out.weight"].t());
}

at::Tensor plain_forward(const Decoder& decoder, const at::Tensor& tokens) {
  const Parameters parameters = decoder.named_parameters();
  const at::Tensor table = parameters["embed_tokens.weight"];
  at::Tensor x = table.index_select(0, tokens.flatten()).view({tokens.size(0), tokens.size(1), -1});
  for (int64_t i = 0; i < kSmall.layers; ++i) {
    const std::string name = "layers." + std::to_string(i);
    x = x +
        plain_attention(plain_norm(x, parameters[name + ".attn_norm.weight"]), parameters, name + ".attn");
    const at::Tensor hidden = at::matmul(plain_norm(x, parameters[name + ".mlp_norm.weight"]),
                                         parameters[name + ".mlp.fc1.weight"].t());
    const at::Tensor gated = hidden.narrow(-1, 0, 256) / (1 + (-hidden.narrow(-1, 256, 256)).exp());
    x = x + at::matmul(gated, parameters[name + ".mlp.fc2.weight"].t());
  }
  return at::matmul(plain_norm(x, parameters["out_norm.weight"]), table.t());
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(Decoder, EqualsThePlainFormulationForwardAndBackward) {
  const auto decoder = small_decoder();
  const at::Tensor tokens = some_tokens();
  const at::Tensor fast = decoder->forward(tokens);
  const at::Tensor plain = plain_forward(*decoder, tokens);
  ASSERT_EQ(fast.sizes(), (at::IntArrayRef{2, 10, 50}));
  // Angles in float32 differ by their last bit between std::pow and ATen's: 1e-7 of a turned pair.
  EXPECT_LT(largest_difference(fast, plain), 3e-6);
  const at::Tensor weights = at::randn({2, 10, 50}, at::kDouble);
  const auto parameters = decoder->parameters();
  (fast * weights).sum().backward();
  const auto expected = torch::autograd::grad({(plain * weights).sum()}, parameters);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const double scale = std::max(1.0, expected[i].abs().max().item<double>());
    EXPECT_LT(largest_difference(parameters[i].grad(), expected[i]), 1e-5 * scale) << i;
  }
}

// Its value is compared above; a sparse part would break every optimizer.
TEST(Decoder, TheTiedTableHasOneDenseGradientThatAdds) {
  const auto decoder = small_decoder();
  const auto run = [&] { decoder->forward(some_tokens()).square().sum().backward(); };
  run();
  const at::Tensor once = decoder->named_parameters()["embed_tokens.weight"].grad().clone();
  ASSERT_FALSE(once.is_sparse());
  run();
  const at::Tensor twice = decoder->named_parameters()["embed_tokens.weight"].grad();
  ASSERT_FALSE(twice.is_sparse());
  EXPECT_LT(largest_difference(twice, 2 * once), 1e-9 * once.abs().max().item<double>());
}

TEST(Decoder, ATokenSeesNothingThatFollows) {
  const auto decoder = small_decoder();
  const at::NoGradGuard no_grad;
  at::Tensor tokens = some_tokens();
  const at::Tensor before = decoder->forward(tokens);
  tokens[0][6] = 49;
  const at::Tensor after = decoder->forward(tokens);
  EXPECT_EQ(largest_difference(before[0].narrow(0, 0, 6), after[0].narrow(0, 0, 6)), 0);
  EXPECT_GT(largest_difference(before[0].narrow(0, 6, 4), after[0].narrow(0, 6, 4)), 0);
  EXPECT_LT(largest_difference(before[1], after[1]), 1e-12);
  EXPECT_LT(largest_difference(decoder->forward(tokens.narrow(1, 0, 6)), after.narrow(1, 0, 6)), 1e-12);
}

TEST(Rotary, AnglesAreFloatAndTurnAdjacentPairs) {
  const RotaryTable table = rotary_table(5, 6, 10000, at::kCPU);
  EXPECT_EQ(table.cosine.scalar_type(), at::kFloat);
  for (int64_t position = 0; position < 5; ++position) {
    for (int64_t i = 0; i < 3; ++i) {
      const double angle = static_cast<double>(position) * std::pow(10000.0, -static_cast<double>(2 * i) / 6);
      EXPECT_NEAR(table.cosine[position][i].item<double>(), std::cos(angle), 1e-6);
      EXPECT_NEAR(table.sine[position][i].item<double>(), std::sin(angle), 1e-6);
    }
  }
  at::Tensor heads = at::zeros({1, 5, 1, 6}, at::kDouble);
  heads.select(-1, 2).fill_(1);
  const at::Tensor turned = rotate(heads, table);
  EXPECT_EQ(turned.scalar_type(), at::kDouble);
  EXPECT_TRUE(at::equal(turned.select(-1, 2).view(5), table.cosine.select(1, 1).to(at::kDouble)));
  EXPECT_TRUE(at::equal(turned.select(-1, 3).view(5), table.sine.select(1, 1).to(at::kDouble)));
  EXPECT_EQ(turned.select(-1, 0).abs().max().item<double>(), 0);
}

TEST(Decoder, InitialValues) {
  const DecoderConfig config = {.vocabulary = 3000, .context = 64, .width = 128, .layers = 2, .heads = 2};
  const Decoder decoder(config, at::kFloat, seeded_generator(at::kCPU, 3));
  for (const auto& item : decoder.named_parameters()) {
    const std::string& name = item.key();
    if (name.ends_with("attn_scale")) {
      EXPECT_NEAR(item.value().item<double>(), std::log2(64.0 * 64 - 64), 1e-6);
    } else if (name.find("norm") != std::string::npos) {
      EXPECT_TRUE(at::equal(item.value(), at::ones_like(item.value())));
    } else {
      const bool residual = name.ends_with("w_out.weight") || name.ends_with("fc2.weight");
      EXPECT_NEAR(item.value().std().item<double>(), residual ? 0.01 : 0.02, 5e-4) << name;
      EXPECT_NEAR(item.value().mean().item<double>(), 0, 5e-4) << name;
    }
  }
}

TEST(AutocastScope, RunsProductsInBfloat16AndLeavesNoTrace) {
  const auto decoder = small_decoder(at::kFloat);
  const at::Tensor tokens = some_tokens();
  const at::Tensor exact = decoder->forward(tokens);
  at::Tensor rough;
  {
    const AutocastScope scope(at::kCPU, true);
    rough = decoder->forward(tokens);
  }
  EXPECT_EQ(rough.scalar_type(), at::kBFloat16);
  EXPECT_LT(largest_difference(rough.to(at::kFloat), exact), 0.1 * exact.abs().max().item<double>());
  EXPECT_TRUE(at::equal(decoder->forward(tokens), exact));
  rough.to(at::kFloat).square().sum().backward();
  for (const auto& item : decoder->named_parameters()) {
    EXPECT_EQ(item.value().grad().scalar_type(), at::kFloat) << item.key();
  }
  const AutocastScope off(at::kCPU, false);
  EXPECT_EQ(decoder->forward(tokens).scalar_type(), at::kFloat);
}

}  // namespace
}  // namespace timetrial
