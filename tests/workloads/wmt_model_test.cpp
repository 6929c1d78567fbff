#include <cmath>

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "expect_user_error.h"
#include "workloads/wmt/position_encoding.h"
#include "workloads/wmt/sentence_batch.h"
#include "workloads/wmt/token_loss.h"
#include "workloads/wmt/transformer.h"
#include "workloads/wmt/wmt_fingerprint.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

int64_t parameter_count(const std::string& variant) {
  WorkloadOptions options;
  options.variant = variant;
  options.device = at::kMeta;
  const auto workload = make_workload("wmt", options);
  workload->build_model(1);
  int64_t count = 0;
  for (const Parameter& parameter : workload->parameters()) count += parameter.tensor.numel();
  return count;
}

TEST(WmtModel, ParameterCountsAreThoseOfTheReference) {
  EXPECT_EQ(parameter_count(""), 133521408);
  EXPECT_EQ(parameter_count("attention_temp"), 133521408);
  EXPECT_EQ(parameter_count("post_ln"), 133517312);
  EXPECT_EQ(parameter_count("glu_tanh"), 146116608);
  EXPECT_THAT(user_error_of([] { parameter_count("gelu"); }), HasSubstr("glu_tanh"));
}

TransformerConfig small_config(const std::string& variant) {
  TransformerConfig config = transformer_config(false, variant);
  config.vocabulary = 50;
  config.longest = 20;
  config.width = 12;
  config.heads = 3;
  config.hidden = 12;
  config.depth = 2;
  return config;
}

// Weights large enough that every part matters.
Transformer small_model(const TransformerConfig& config) {
  Transformer model(config, at::kDouble, seeded_generator(at::kCPU, 4));
  const at::NoGradGuard no_grad;
  for (auto& item : model.named_parameters()) {
    if (item.value().dim() == 1) item.value().add_(0.3 * at::randn_like(item.value()));
  }
  return model;
}

// The model by its definition: one head, one query at a time, and of the keys only those that it may see.
class PlainTransformer {
 public:
  PlainTransformer(const Transformer& model, const TransformerConfig& config)
      : parameters_(model.named_parameters()),
        positions_(model.named_buffers()["pos_encoder.pe"]),
        config_(config) {}

  at::Tensor logits(const Batch& batch) const {
    const at::Tensor sources = batch.at("inputs"), targets = batch.at("targets");
    std::vector<at::Tensor> rows;
    for (int64_t row = 0; row < sources.size(0); ++row) {
      const auto of = [&](const std::string& name) {
        return batch.has(name) ? batch.at(name)[row] : at::Tensor();
      };
      const Side source{sources[row], of("inputs_position"), of("inputs_segmentation")};
      const Side target{targets[row], of("targets_position"), of("targets_segmentation")};
      rows.push_back(row_logits(source, target));
    }
    return at::stack(rows);
  }

 private:
  struct Side {
    at::Tensor tokens, positions, segments;

    int64_t token(int64_t i) const { return tokens[i].item<int64_t>(); }
    int64_t position(int64_t i) const { return positions.defined() ? positions[i].item<int64_t>() : i; }
    int64_t segment(int64_t i) const { return segments.defined() ? segments[i].item<int64_t>() : 0; }
  };

  static bool sees(const Side& left, int64_t i, const Side& right, int64_t j) {
    return left.token(i) > 0 && right.token(j) > 0 && left.segment(i) == right.segment(j);
  }

  at::Tensor parameter(const std::string& name) const { return parameters_[name]; }

  at::Tensor project(const at::Tensor& x, const std::string& name) const {
    const at::Tensor y = at::matmul(x, parameter(name + ".weight").t());
    return parameters_.contains(name + ".bias") ? y + parameter(name + ".bias") : y;
  }

  at::Tensor norm(const at::Tensor& x, const std::string& name) const {
    const at::Tensor centred = x - x.mean(-1, true);
    const at::Tensor variance = centred.square().mean(-1, true);
    return centred / (variance + 1e-6).sqrt() * parameter(name + ".weight") + parameter(name + ".bias");
  }

  template <typename Visible>
  at::Tensor attention(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                       const Visible& visible) const {
    const int64_t size = config_.width / config_.heads;
    std::vector<at::Tensor> rows;
    for (int64_t i = 0; i < queries.size(0); ++i) {
      std::vector<at::Tensor> heads;
      for (int64_t head = 0; head < config_.heads; ++head) {
        at::Tensor sum = at::zeros({size}, at::kDouble);
        double total = 0;
        for (int64_t j = 0; j < keys.size(0); ++j) {
          if (!visible(i, j)) continue;
          const at::Tensor q = queries[i].narrow(0, head * size, size) * config_.attention_temperature;
          const double weight =
              std::exp(q.dot(keys[j].narrow(0, head * size, size)).item<double>() / std::sqrt(size));
          sum = sum + weight * values[j].narrow(0, head * size, size);
          total += weight;
        }
        heads.push_back(sum / std::max(total, 1e-300));
      }
      rows.push_back(at::cat(heads));
    }
    return at::stack(rows);
  }

  template <typename Visible>
  at::Tensor self_attention(const at::Tensor& x, const std::string& name, const Visible& visible) const {
    const auto parts = project(x, name + ".in_proj").chunk(3, 1);
    return project(attention(parts[0], parts[1], parts[2], visible), name + ".out_proj");
  }

  template <typename Visible>
  at::Tensor cross_attention(const at::Tensor& x, const at::Tensor& memory, const std::string& name,
                             const Visible& visible) const {
    const auto parts = project(memory, name + ".kv_proj").chunk(2, 1);
    return project(attention(project(x, name + ".q_proj"), parts[0], parts[1], visible), name + ".out_proj");
  }

  at::Tensor feed_forward(const at::Tensor& x, const std::string& layer) const {
    at::Tensor hidden = project(x, layer + ".linear1");
    hidden = config_.tanh_glu ? hidden.tanh() * project(x, layer + ".linear_glu") : hidden.clamp_min(0);
    return project(hidden, layer + ".linear2");
  }

  template <typename Block>
  at::Tensor residual(const at::Tensor& x, const std::string& norm_name, const Block& block) const {
    return config_.post_norm ? norm(x + block(x), norm_name) : x + block(norm(x, norm_name));
  }

  at::Tensor embedded(const Side& side, int64_t shift) const {
    std::vector<at::Tensor> rows;
    for (int64_t i = 0; i < side.tokens.size(0); ++i) {
      const int64_t token = i < shift ? 0 : side.token(i - shift);
      rows.push_back(parameter("shared_embedding.weight")[token] + positions_[0][side.position(i)]);
    }
    return at::stack(rows);
  }

  at::Tensor row_logits(const Side& source, const Side& target) const {
    at::Tensor memory = embedded(source, 0);
    for (int64_t layer = 0; layer < config_.depth; ++layer) {
      const std::string name = "encoder.encoder.layers." + std::to_string(layer);
      memory = residual(memory, name + ".norm1", [&](const at::Tensor& x) {
        return self_attention(x, name + ".self_attn",
                              [&](int64_t i, int64_t j) { return sees(source, i, source, j); });
      });
      memory = residual(memory, name + ".norm2", [&](const at::Tensor& x) { return feed_forward(x, name); });
    }
    if (!config_.post_norm) memory = norm(memory, "encoder.encoder.norm");
    at::Tensor hidden = embedded(target, 1);
    for (int64_t layer = 0; layer < config_.depth; ++layer) {
      const std::string name = "decoder.decoder.layers." + std::to_string(layer);
      hidden = residual(hidden, name + ".norm1", [&](const at::Tensor& x) {
        return self_attention(x, name + ".self_attn",
                              [&](int64_t i, int64_t j) { return j <= i && sees(target, i, target, j); });
      });
      hidden = residual(hidden, name + ".norm2", [&](const at::Tensor& x) {
        return cross_attention(x, memory, name + ".multihead_attn",
                               [&](int64_t i, int64_t j) { return sees(target, i, source, j); });
      });
      hidden = residual(hidden, name + ".norm3", [&](const at::Tensor& x) { return feed_forward(x, name); });
    }
    if (!config_.post_norm) hidden = norm(hidden, "decoder.decoder.norm");
    return at::matmul(hidden, parameter("shared_embedding.weight").t()) /
           std::sqrt(static_cast<double>(config_.width));
  }

  torch::OrderedDict<std::string, at::Tensor> parameters_;
  at::Tensor positions_;  // as the model has them: the test of PositionEncoding looks at the values
  TransformerConfig config_;
};

// At real targets; padding attends to anything.
at::Tensor at_tokens(const at::Tensor& logits, const Batch& batch) {
  return logits * batch.at("targets").gt(0).unsqueeze(2);
}

TEST(PositionEncoding, IsSineAndCosineByTheFormulaToFloat32) {
  constexpr int64_t kLongest = 60, kWidth = 16, kHalf = kWidth / 2;
  const PositionEncoding encoding(kLongest, kWidth, at::kDouble);
  const at::Tensor table = encoding.first(kLongest)[0];
  for (int64_t position = 0; position < kLongest; ++position) {
    for (int64_t k = 0; k < kHalf; ++k) {
      const double angle = static_cast<double>(position) *
                           std::pow(10000.0, -static_cast<double>(k) / static_cast<double>(kHalf - 1));
      EXPECT_NEAR(table[position][k].item<double>(), std::sin(angle), 1e-5);
      EXPECT_NEAR(table[position][kHalf + k].item<double>(), std::cos(angle), 1e-5);
    }
  }
}

TEST(WmtModel, IsItsDefinitionPackedAndUnpackedInAllVariants) {
  for (const std::string variant : {"", "post_ln", "attention_temp", "glu_tanh"}) {
    const TransformerConfig config = small_config(variant);
    const Transformer model = small_model(config);
    const at::NoGradGuard no_grad;
    for (const FingerprintCase& example : wmt_fingerprint_cases(config.vocabulary)) {
      SCOPED_TRACE(variant + " " + example.name);
      const at::Tensor expected =
          at_tokens(PlainTransformer(model, config).logits(example.batch), example.batch);
      const at::Tensor found = at_tokens(model.forward(example.batch, 0), example.batch);
      EXPECT_LT((found - expected).abs().max().item<double>(), 1e-12 * expected.abs().max().item<double>());
    }
  }
}

TEST(WmtModel, PaddingChangesNothing) {
  const TransformerConfig config = small_config("");
  const Transformer model = small_model(config);
  Batch batch = wmt_fingerprint_cases(config.vocabulary).front().batch;
  const at::Tensor all = model.forward(batch, 0);
  batch.tensors["inputs"] = batch.at("inputs").narrow(0, 1, 1).narrow(1, 0, 11);
  batch.tensors["targets"] = batch.at("targets").narrow(0, 1, 1);
  EXPECT_TRUE(at::allclose(model.forward(batch, 0), all.narrow(0, 1, 1), 1e-11, 1e-11));
}

TEST(WmtModel, APackedRowIsItsSentencesEachByItself) {
  const TransformerConfig config = small_config("");
  const Transformer model = small_model(config);
  Batch packed = wmt_fingerprint_cases(config.vocabulary).back().batch;
  // The first token of a row's later sentences is predicted from the end of the one before, not from 0: make
  // both the same.
  packed.tensors["targets"] = packed.at("targets").clone();
  packed.tensors["targets"][0][7] = 0;
  const at::Tensor logits = model.forward(packed, 0);
  Batch second;
  second.tensors["inputs"] = packed.at("inputs").narrow(0, 0, 1).narrow(1, 6, 7);
  second.tensors["targets"] = packed.at("targets").narrow(0, 0, 1).narrow(1, 8, 6);
  EXPECT_TRUE(at::allclose(model.forward(second, 0)[0], logits[0].narrow(0, 8, 6), 1e-11, 1e-11));
}

TEST(WmtModel, TheTablesThreeGradientsAreOneDenseSum) {
  const TransformerConfig config = small_config("");
  const Transformer model = small_model(config);
  const Batch batch = wmt_fingerprint_cases(config.vocabulary).back().batch;
  const auto loss = [&] { return token_loss(batch, model.forward(batch, 0), 0.1).mean(); };
  const at::Tensor table = model.named_parameters()["shared_embedding.weight"];
  loss().backward();
  ASSERT_EQ(table.grad().layout(), at::kStrided);
  EXPECT_TRUE(table.grad().is_contiguous());
  // Against differences of the loss along a random direction.
  const at::Tensor direction = at::randn_like(table);
  const at::NoGradGuard no_grad;
  constexpr double kStep = 1e-5;
  const auto loss_at = [&](double step) {
    table.add_(direction, step);
    const double value = loss().item<double>();
    table.sub_(direction, step);
    return value;
  };
  const double slope = (loss_at(kStep) - loss_at(-kStep)) / (2 * kStep);
  EXPECT_NEAR((table.grad() * direction).sum().item<double>(), slope, 1e-7 * std::abs(slope) + 1e-8);
}

TEST(WmtModel, GradientsAreZeroedAndAccumulatedLikeAnyOther) {
  const TransformerConfig config = small_config("");
  const Transformer model = small_model(config);
  const Batch batch = wmt_fingerprint_cases(config.vocabulary).back().batch;
  const at::Tensor table = model.named_parameters()["shared_embedding.weight"];
  const auto backward = [&] { token_loss(batch, model.forward(batch, 0), 0).mean().backward(); };
  backward();
  const at::Tensor once = table.grad().clone();
  backward();
  EXPECT_TRUE(at::allclose(table.grad(), 2 * once, 1e-12, 1e-14));
}

TEST(WmtModel, DropoutWorksInTrainingOnly) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  const auto workload = make_workload("wmt", options);
  workload->build_model(1);
  const Batch batch = workload->fingerprint_cases().front().batch;
  const auto run = [&](ForwardMode mode) { return workload->forward(batch, {mode, false, 0.5}); };
  EXPECT_FALSE(at::equal(run(ForwardMode::train), run(ForwardMode::train)));
  EXPECT_TRUE(at::equal(run(ForwardMode::evaluate), run(ForwardMode::evaluate)));
}

TEST(WmtModel, InitialValuesFollowTheSeedAndTheirRules) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  const auto workload = make_workload("wmt", options);
  const auto parameter = [&](uint64_t seed, const std::string& name) {
    workload->build_model(seed);
    return workload->model().named_parameters()[name].clone();
  };
  const at::Tensor table = parameter(1, "shared_embedding.weight");
  EXPECT_TRUE(at::equal(table, parameter(1, "shared_embedding.weight")));
  EXPECT_FALSE(at::equal(table, parameter(2, "shared_embedding.weight")));
  EXPECT_NEAR(table.std().item<double>(), 1, 0.02);
  const at::Tensor fused = parameter(1, "encoder.encoder.layers.0.self_attn.in_proj.weight");
  const double bound = std::sqrt(6.0 / static_cast<double>(fused.size(0) + fused.size(1)));
  EXPECT_LE(fused.abs().max().item<double>(), bound);
  EXPECT_GT(fused.abs().max().item<double>(), 0.99 * bound);
  EXPECT_LT(parameter(1, "decoder.decoder.layers.1.linear2.bias").abs().max().item<double>(), 1e-5);
}

TEST(WmtLoss, CountsTokensOfWeightAboveZero) {
  Batch batch;
  batch.tensors = {{"targets", torch::tensor({{1, 2, 0}})}, {"weights", torch::tensor({{1, 1, 0}})}};
  const at::Tensor logits = at::randn({1, 3, 4}, at::kDouble).requires_grad_();
  const Loss loss = token_loss(batch, logits, 0.1);
  EXPECT_EQ(loss.valid_examples.item<double>(), 2);
  const at::Tensor each =
      at::cross_entropy_loss(logits[0], batch.at("targets")[0], {}, at::Reduction::None, -100, 0.1);
  EXPECT_NEAR(loss.summed.item<double>(), each.narrow(0, 0, 2).sum().item<double>(), 1e-12);
  EXPECT_EQ(loss.per_example[0][2].item<double>(), 0);
  loss.mean().backward();
  EXPECT_EQ(logits.grad()[0][2].abs().max().item<double>(), 0);
  batch.tensors.erase("weights");
  EXPECT_EQ(token_loss(batch, logits, 0).valid_examples.item<double>(), 3);
}

TEST(WmtBatch, PackedRowsRestartPositionsAndNumberSegments) {
  TokenizedPairs pairs(60, 8);
  pairs.add(std::vector<int32_t>{5, 6, 2}, std::vector<int32_t>{7, 2});
  pairs.add(std::vector<int32_t>{8, 0, 9, 2}, std::vector<int32_t>{10, 11, 2});
  const Batch batch = packed_batch(pairs, {{0, 1}, {1}});
  const auto row = [&](const char* name, int64_t i) { return batch.at(name)[i]; };
  EXPECT_EQ(batch.examples, 2);
  // The 0 within the second source costs it its last token.
  EXPECT_TRUE(at::equal(row("inputs", 0), torch::tensor({5, 6, 2, 8, 0, 9, 0, 0})));
  EXPECT_TRUE(at::equal(row("inputs_position", 0), torch::tensor({0, 1, 2, 0, 1, 2, 0, 0})));
  EXPECT_TRUE(at::equal(row("inputs_segmentation", 0), torch::tensor({1, 1, 1, 2, 0, 2, 0, 0})));
  EXPECT_TRUE(at::equal(row("targets", 0), torch::tensor({7, 2, 10, 11, 2, 0, 0, 0})));
  EXPECT_TRUE(at::equal(row("targets_position", 0), torch::tensor({0, 1, 0, 1, 2, 0, 0, 0})));
  EXPECT_TRUE(at::equal(row("targets_segmentation", 0), torch::tensor({1, 1, 2, 2, 2, 0, 0, 0})));
  EXPECT_TRUE(at::equal(row("weights", 0), torch::tensor({1, 1, 1, 1, 1, 0, 0, 0})));
  EXPECT_TRUE(at::equal(row("inputs_segmentation", 1), torch::tensor({1, 0, 1, 0, 0, 0, 0, 0})));

  const std::vector<uint32_t> both = {1, 0};
  const Batch padded = padded_batch(pairs, both);
  EXPECT_TRUE(at::equal(padded.at("inputs"), torch::tensor({{8, 0, 9, 2}, {5, 6, 2, 0}})));
  EXPECT_TRUE(at::equal(padded.at("targets"), torch::tensor({{10, 11, 2}, {7, 2, 0}})));
  EXPECT_TRUE(at::equal(padded.at("weights"), torch::tensor({{1, 1, 1}, {1, 1, 0}})));
}

}  // namespace
}  // namespace timetrial
