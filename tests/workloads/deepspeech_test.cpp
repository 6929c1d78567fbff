#include "workloads/librispeech_deepspeech/deepspeech.h"

#include <cmath>

#include <torch/torch.h>

#include "plain_speech.h"
#include "workloads/librispeech_deepspeech/bidirectional_lstm.h"

namespace timetrial {
namespace {

DeepSpeechConfig small_deepspeech() {
  DeepSpeechConfig config;
  config.pieces = 11;
  config.channels = 32;
  config.width = 32;
  config.recurrent_layers = 2;
  config.dense_layers = 2;
  return config;
}

// One row, one direction, frame by frame: [frames, width] -> [frames, hidden]
at::Tensor plain_lstm_row(const NamedValues& values, const std::string& name, const std::string& direction,
                          const at::Tensor& row) {
  const at::Tensor &input = values[name + "weight_ih" + direction],
                   &recurrent = values[name + "weight_hh" + direction];
  const at::Tensor bias = values[name + "bias_ih" + direction] + values[name + "bias_hh" + direction];
  at::Tensor h = at::zeros({recurrent.size(1)}, row.options()), c = at::zeros_like(h);
  std::vector<at::Tensor> outputs;
  for (int64_t t = 0; t < row.size(0); ++t) {
    const auto gates = (at::matmul(input, row[t]) + at::matmul(recurrent, h) + bias).chunk(4);
    c = gates[1].sigmoid() * c + gates[0].sigmoid() * gates[2].tanh();
    h = gates[3].sigmoid() * c.tanh();
    outputs.push_back(h);
  }
  return at::stack(outputs);
}

at::Tensor plain_lstm(const NamedValues& values, const std::string& name, const at::Tensor& x,
                      const at::Tensor& kept) {
  std::vector<at::Tensor> rows;
  for (int64_t b = 0; b < x.size(0); ++b) {
    const auto length = static_cast<int64_t>(kept[b].sum().item<double>());
    const at::Tensor row = x[b].narrow(0, 0, length);
    const at::Tensor ahead = plain_lstm_row(values, name, "_l0", row);
    const at::Tensor back = plain_lstm_row(values, name, "_l0_reverse", row.flip(0)).flip(0);
    rows.push_back(at::constant_pad_nd(at::cat({ahead, back}, 1), {0, 0, 0, x.size(1) - length}));
  }
  return at::stack(rows);
}

class PlainDeepSpeech {
 public:
  PlainDeepSpeech(const torch::nn::Module& model, const DeepSpeechConfig& config)
      : values_(model.named_parameters()), config_(config) {}

  at::Tensor forward(const at::Tensor& features, const at::Tensor& paddings) const {
    at::Tensor x = plain_subsampling(values_, "subsample.lin", features, paddings, config_.tanh);
    const at::Tensor kept = 1 - quartered(paddings);
    const auto add = [&](const at::Tensor& step) { x = config_.residuals ? x + step : step; };
    for (int64_t i = 0; i < config_.recurrent_layers; ++i) {
      const std::string name = "lstms." + std::to_string(i);
      add(plain_lstm(values_, name + ".lstm.", norm(x, kept, name), kept));
    }
    for (int64_t i = 0; i < config_.dense_layers; ++i) {
      const std::string name = "ffns." + std::to_string(i);
      const at::Tensor y = values_.linear(norm(x, kept, name), name + ".lin");
      add((config_.tanh ? y.tanh() : y.clamp_min(0)) * kept.unsqueeze(2));
    }
    return values_.linear(config_.layer_norm ? x : values_.layer_norm(x, "ln"), "lin");
  }

 private:
  at::Tensor norm(const at::Tensor& x, const at::Tensor& kept, const std::string& name) const {
    if (config_.layer_norm) return values_.layer_norm(x, name + ".normalization_layer");
    const std::string batch_norm = name + ".bn_normalization_layer";
    return plain_batch_norm(x, kept, values_[batch_norm + ".weight"], values_[batch_norm + ".bias"]);
  }

  NamedValues values_;
  DeepSpeechConfig config_;
};

TEST(DeepSpeech, EqualsThePlainFormulationInEveryVariant) {
  for (const char* variant : {"", "tanh", "no_resnet", "norm_and_spec_aug"}) {
    for (const bool ragged : {true, false}) {
      SCOPED_TRACE(std::string(variant) + (ragged ? " ragged" : " full"));
      const DeepSpeechConfig chosen = deepspeech_config(false, variant);
      DeepSpeechConfig config = small_deepspeech();
      config.tanh = chosen.tanh;
      config.residuals = chosen.residuals;
      config.layer_norm = chosen.layer_norm;
      DeepSpeech model(config, at::kDouble, seeded_generator(at::kCPU, 1));
      randomise(model);
      expect_same_as_plain(model, made_up_batch(ragged, config.pieces),
                           [&](const at::Tensor& features, const at::Tensor& paddings) {
                             return PlainDeepSpeech(model, config).forward(features, paddings);
                           });
    }
  }
}

// Single precision takes other kernels than double.
TEST(BidirectionalLstm, AgreesInSinglePrecision) {
  torch::manual_seed(1);
  const BidirectionalLstm layer(16, at::kFloat, seeded_generator(at::kCPU, 1));
  const NamedValues values(layer.named_parameters());
  for (const bool ragged : {false, true}) {
    at::Tensor paddings = at::zeros({3, 9});
    if (ragged) paddings[1].slice(0, 4).fill_(1);
    const at::Tensor frames = at::randn({3, 9, 16}).requires_grad_();
    const FrameMask mask(paddings, at::kFloat);
    const at::Tensor found = layer.forward(frames, mask);
    const at::Tensor expected = plain_lstm(values, "", frames, 1 - paddings);
    EXPECT_LT((found - expected).abs().max().item<double>(), 1e-5);
    const at::Tensor weights = at::randn_like(found);
    std::vector<at::Tensor> inputs = layer.parameters();
    inputs.push_back(frames);
    const auto gradients = torch::autograd::grad({(found * weights).sum()}, inputs);
    const auto wanted = torch::autograd::grad({(expected * weights).sum()}, inputs);
    for (size_t i = 0; i < inputs.size(); ++i) {
      EXPECT_LT((gradients[i] - wanted[i]).abs().max().item<double>(), 1e-4) << i;
    }
  }
}

TEST(BidirectionalLstm, EvaluationGivesTheSame) {
  const BidirectionalLstm layer(16, at::kFloat, seeded_generator(at::kCPU, 1));
  const at::Tensor frames = at::randn({2, 9, 16});
  const FrameMask mask(at::zeros({2, 9}), at::kFloat);
  const at::Tensor trained = layer.forward(frames, mask);
  const at::NoGradGuard no_grad;
  EXPECT_TRUE(at::allclose(layer.forward(frames, mask), trained, 1e-5, 1e-6));
}

TEST(DeepSpeech, HasTheReferencesSizes) {
  for (const char* variant : {"", "tanh", "no_resnet"}) {
    EXPECT_EQ(full_parameter_count("librispeech_deepspeech", variant), 18393600) << variant;
  }
  EXPECT_EQ(full_parameter_count("librispeech_deepspeech", "norm_and_spec_aug"), 18392576);
  EXPECT_EQ(full_parameter_count("librispeech_deepspeech", "norm_and_specaug"), 18392576);
  EXPECT_THAT(user_error_of([] { full_parameter_count("librispeech_deepspeech", "gelu"); }),
              testing::HasSubstr("norm_and_spec_aug"));
}

TEST(DeepSpeech, MoreMasksInTheVariantThatIsNamedAfterThem) {
  EXPECT_EQ(deepspeech_config(false, "").masks.draws(), 24);
  EXPECT_EQ(deepspeech_config(false, "norm_and_spec_aug").masks.draws(), 38);
}

TEST(DeepSpeech, PaddingAfterTheLongestUtteranceChangesNothing) {
  for (const bool layer_norm : {false, true}) {
    DeepSpeechConfig config = small_deepspeech();
    config.recurrent_layers = 1;
    config.layer_norm = layer_norm;
    DeepSpeech model(config, at::kDouble, seeded_generator(at::kCPU, 1));
    randomise(model);
    expect_trimming_changes_nothing(model);
  }
}

TEST(DeepSpeech, RecurrentWeightsStartUniformAndLinearOnesXavier) {
  const DeepSpeech model(DeepSpeechConfig{}, at::kFloat, seeded_generator(at::kCPU, 1));
  const auto values = model.named_parameters();
  const auto largest = [&](const char* name) { return values[name].abs().max().item<double>(); };
  for (const char* name : {"lstms.3.lstm.weight_hh_l0_reverse", "lstms.0.lstm.bias_ih_l0"}) {
    EXPECT_LE(largest(name), 1.0 / 16) << name;
    EXPECT_GT(largest(name), 0.98 / 16) << name;
  }
  const double bound = std::sqrt(6.0 / 1024);
  EXPECT_LE(largest("ffns.1.lin.weight"), bound);
  EXPECT_GT(largest("ffns.1.lin.weight"), 0.99 * bound);
  EXPECT_EQ(largest("ffns.1.lin.bias"), 0);
  EXPECT_EQ(largest("ffns.1.bn_normalization_layer.weight"), 0);
}

}  // namespace
}  // namespace timetrial
