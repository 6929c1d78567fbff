#include "workloads/librispeech_conformer/conformer.h"

#include <cmath>

#include <torch/torch.h>

#include "plain_speech.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

ConformerConfig small_conformer() {
  ConformerConfig config;
  config.pieces = 11;
  config.channels = 32;
  config.width = 32;
  config.heads = 4;
  config.blocks = 2;
  return config;
}

// The blocks written down a second time, from the definition: every mask multiplied, every head by itself.
class PlainConformer {
 public:
  PlainConformer(const torch::nn::Module& model, const ConformerConfig& config)
      : values_(model.named_parameters()), config_(config) {}

  at::Tensor forward(const at::Tensor& features, const at::Tensor& paddings) const {
    at::Tensor x = plain_subsampling(values_, "subsample.linear", features, paddings, /*tanh=*/false);
    const at::Tensor kept = 1 - quartered(paddings);
    x = x + plain_positions(x.size(1), config_.width);
    for (int64_t i = 0; i < config_.blocks; ++i) x = block(x, kept, "conformers." + std::to_string(i));
    return values_.linear(values_.layer_norm(x, "ln"), "lin");
  }

 private:
  at::Tensor feed_forward(const at::Tensor& x, const at::Tensor& kept, const std::string& name) const {
    at::Tensor h = values_.linear(values_.layer_norm(x, name + ".ln"), name + ".linear1");
    h = config_.gelu ? 0.5 * h * (1 + (std::sqrt(2 / M_PI) * (h + 0.044715 * h.pow(3))).tanh())
                     : h * h.sigmoid();
    return values_.linear(h * kept.unsqueeze(2), name + ".linear2") * kept.unsqueeze(2);
  }

  at::Tensor attention(const at::Tensor& x, const at::Tensor& kept, const std::string& name) const {
    const std::string self = name + ".self_attention";
    const auto parts = values_.linear(values_.layer_norm(x, name + ".ln"), self + ".in_proj").chunk(3, 2);
    const int64_t size = config_.width / config_.heads;
    const at::Tensor scale = (values_[self + ".qs.scale"].exp() + 1).log() * 1.442695041;
    std::vector<at::Tensor> heads;
    for (int64_t head = 0; head < config_.heads; ++head) {
      const auto slice = [&](const at::Tensor& all) { return all.narrow(2, head * size, size); };
      const at::Tensor scores = at::matmul(slice(parts[0]) * scale, slice(parts[1]).transpose(1, 2)) /
                                std::sqrt(static_cast<double>(size));
      const at::Tensor weights = scores.exp() * kept.unsqueeze(1);
      heads.push_back(at::matmul(weights / weights.sum(2, true), slice(parts[2])));
    }
    return values_.linear(at::cat(heads, 2) * config_.attention_temperature, self + ".out_proj");
  }

  at::Tensor convolution(const at::Tensor& x, const at::Tensor& kept, const std::string& name) const {
    const at::Tensor n = values_.layer_norm(x, name + ".ln");
    const at::Tensor gated =
        values_.linear(n, name + ".lin1") * values_.linear(n, name + ".lin2").sigmoid() * kept.unsqueeze(2);
    const at::Tensor around = at::constant_pad_nd(gated, {0, 0, 2, 2});
    at::Tensor y = at::zeros_like(gated);
    for (int64_t k = 0; k < 5; ++k) {
      y = y + around.narrow(1, k, x.size(1)) * values_[name + ".conv1.weight"].select(2, k).squeeze(1);
    }
    y = plain_batch_norm(y, kept, values_[name + ".bn.scale"], values_[name + ".bn.bias"]);
    y = config_.gelu ? 0.5 * y * (1 + (y / std::sqrt(2.0)).erf()) : y * y.sigmoid();
    return values_.linear(y, name + ".lin3");
  }

  at::Tensor block(at::Tensor x, const at::Tensor& kept, const std::string& name) const {
    x = x + 0.5 * feed_forward(x, kept, name + ".ff1");
    x = x + attention(x, kept, name + ".mhsa");
    x = x + convolution(x, kept, name + ".conv");
    x = x + 0.5 * feed_forward(x, kept, name + ".ff2");
    return config_.post_norm ? values_.layer_norm(x, name + ".ln") : x;
  }

  NamedValues values_;
  ConformerConfig config_;
};

TEST(Conformer, EqualsThePlainFormulationInEveryVariant) {
  for (const char* variant : {"", "attention_temperature", "gelu", "layernorm"}) {
    for (const bool ragged : {true, false}) {
      SCOPED_TRACE(std::string(variant) + (ragged ? " ragged" : " full"));
      const ConformerConfig chosen = conformer_config(false, variant);
      ConformerConfig config = small_conformer();
      config.attention_temperature = chosen.attention_temperature;
      config.gelu = chosen.gelu;
      config.post_norm = chosen.post_norm;
      Conformer model(config, at::kDouble, seeded_generator(at::kCPU, 1));
      randomise(model);
      expect_same_as_plain(model, made_up_batch(ragged, config.pieces),
                           [&](const at::Tensor& features, const at::Tensor& paddings) {
                             return PlainConformer(model, config).forward(features, paddings);
                           });
    }
  }
}

TEST(Conformer, HasTheReferencesSizes) {
  EXPECT_EQ(full_parameter_count("librispeech_conformer", ""), 32321792);
  EXPECT_EQ(full_parameter_count("librispeech_conformer", "attention_temperature"), 32321792);
  EXPECT_EQ(full_parameter_count("librispeech_conformer", "gelu"), 32321792);
  EXPECT_EQ(full_parameter_count("librispeech_conformer", "layernorm"), 32317696);
  EXPECT_THAT(user_error_of([] { full_parameter_count("librispeech_conformer", "tanh"); }),
              testing::HasSubstr("attention_temperature"));
}

TEST(Conformer, BuffersAreThoseOfTheReference) {
  const Conformer model(small_conformer(), at::kFloat, seeded_generator(at::kCPU, 1));
  const std::vector<std::string> expected = {
      "preprocessor._normalizer_mean",     "preprocessor._normalizer_stddev",
      "preprocessor.stft.window",          "subsample.conv1.paddings_kernel",
      "subsample.conv2.paddings_kernel",   "subsample.pos_encode.inv_timescales",
      "conformers.0.conv.bn.running_mean", "conformers.0.conv.bn.running_var",
      "conformers.0.conv.bn.dim",          "conformers.1.conv.bn.running_mean",
      "conformers.1.conv.bn.running_var",  "conformers.1.conv.bn.dim"};
  EXPECT_EQ(model.named_buffers().keys(), expected);
}

TEST(Conformer, PaddingAfterTheLongestUtteranceChangesNothing) {
  Conformer model(small_conformer(), at::kDouble, seeded_generator(at::kCPU, 1));
  randomise(model);
  expect_trimming_changes_nothing(model);
}

}  // namespace
}  // namespace timetrial
