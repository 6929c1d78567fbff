#pragma once

// What tests of the two speech models share: plain formulations of their common parts, and batches made up.

#include <cmath>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "expect_user_error.h"
#include "workloads/librispeech/ctc_loss.h"
#include "workloads/librispeech/speech_batch.h"
#include "workloads/librispeech/speech_model.h"
#include "workloads/workload.h"

namespace timetrial {

// Parameters by name, and the layers that need nothing else.
class NamedValues {
 public:
  explicit NamedValues(const torch::OrderedDict<std::string, at::Tensor>& values) : values_(values) {}

  const at::Tensor& operator[](const std::string& name) const { return values_[name]; }
  bool has(const std::string& name) const { return values_.contains(name); }

  at::Tensor linear(const at::Tensor& x, const std::string& name) const {
    return at::matmul(x, values_[name + ".weight"].t()) + values_[name + ".bias"];
  }

  at::Tensor layer_norm(const at::Tensor& x, const std::string& name) const {
    const at::Tensor centred = x - x.mean(-1, true);
    const at::Tensor normal = centred / (centred.square().mean(-1, true) + 1e-6).sqrt();
    return normal * (1 + values_[name + ".scale"]) + values_[name + ".bias"];
  }

 private:
  torch::OrderedDict<std::string, at::Tensor> values_;
};

inline at::Tensor quartered(const at::Tensor& paddings) {
  return paddings.slice(1, 0, std::nullopt, 4);
}

// Two convolutions with padding written out, channels first.
inline at::Tensor plain_subsampling(const NamedValues& values, const std::string& linear,
                                    const at::Tensor& features, const at::Tensor& paddings, bool tanh) {
  at::Tensor x = features.unsqueeze(1);
  at::Tensor kept = 1 - paddings;
  for (const std::string name : {"subsample.conv1", "subsample.conv2"}) {
    const int64_t top = x.size(2) % 2, left = x.size(3) % 2;
    x = at::conv2d(at::constant_pad_nd(x, {left, 1, top, 1}), values[name + ".kernel"],
                   values[name + ".bias"], 2);
    kept = kept.slice(1, 0, std::nullopt, 2);
    x = (tanh ? x.tanh() : x.clamp_min(0)) * kept.unsqueeze(1).unsqueeze(3);
  }
  return values.linear(x.permute({0, 2, 3, 1}).flatten(2), linear);
}

inline at::Tensor plain_positions(int64_t frames, int64_t width) {
  const at::Tensor steps =
      at::arange(width / 2, at::kFloat) * -(std::log(1e4) / static_cast<double>(width / 2 - 1));
  const at::Tensor angles = at::arange(frames, at::kDouble).unsqueeze(1) * steps.exp().to(at::kDouble);
  return at::cat({angles.sin(), angles.cos()}, 1);
}

inline at::Tensor plain_batch_norm(const at::Tensor& x, const at::Tensor& kept, const at::Tensor& scale,
                                   const at::Tensor& bias) {
  const at::Tensor mask = kept.unsqueeze(2);
  const at::Tensor mean = (x * mask).sum(at::IntArrayRef({0, 1})) / kept.sum();
  const at::Tensor variance = ((x - mean).square() * mask).sum(at::IntArrayRef({0, 1})) / kept.sum();
  return ((x - mean) / (variance + 1e-3).sqrt() * (1 + scale) + bias) * mask;
}

// Every parameter at random, so that norms, biases and scales take part.
inline void randomise(torch::nn::Module& model) {
  torch::manual_seed(7);
  const at::NoGradGuard no_grad;
  for (at::Tensor& parameter : model.parameters()) {
    const double fan = parameter.dim() > 1 ? static_cast<double>(parameter.numel() / parameter.size(0)) : 25;
    parameter.normal_(0, 1 / std::sqrt(fan));
  }
}

// Three utterances, of different lengths when `ragged`.
inline Batch made_up_batch(bool ragged, int64_t pieces) {
  torch::manual_seed(5);
  constexpr int64_t kSamples = 401 + 160 * 29;
  at::Tensor paddings = at::zeros({3, kSamples}, at::kDouble);
  if (ragged) {
    paddings[1].slice(0, 3333).fill_(1);
    paddings[2].slice(0, 2401).fill_(1);
  }
  Batch batch;
  batch.examples = 3;
  batch.tensors = {{"inputs", 3000 * at::randn({3, kSamples}, at::kDouble)},
                   {"input_paddings", paddings},
                   {"targets", at::randint(1, pieces, {3, 2})},
                   {"target_paddings", at::zeros({3, 2}, at::kDouble)}};
  return batch;
}

// Logits, loss and gradients of a model in training against `plain(features, paddings)` on the same
// parameters.
template <typename Plain>
void expect_same_as_plain(SpeechModel& model, const Batch& batch, const Plain& plain) {
  const at::Tensor sample_paddings = batch.at("input_paddings");
  const at::Tensor paddings = std::get<0>(sample_paddings.unfold(1, 401, 160).min(2));
  const at::Tensor features = LogMel(at::kDouble).forward(batch.at("inputs") * (1 - sample_paddings));
  const at::Tensor expected = plain(features, paddings);
  const at::Tensor found = model.forward(batch, {ForwardMode::train, true, 0.0});
  ASSERT_EQ(found.sizes(), expected.sizes());
  EXPECT_LT((found - expected).abs().max().item<double>(), 1e-10);
  EXPECT_TRUE(at::equal(logit_paddings_of(sample_paddings), quartered(paddings)));
  const auto gradients_of = [&](const at::Tensor& logits) {
    return torch::autograd::grad({ctc_loss(batch, logits, quartered(paddings)).mean()}, model.parameters());
  };
  const std::vector<at::Tensor> gradients = gradients_of(found), wanted = gradients_of(expected);
  const auto names = model.named_parameters().keys();
  double largest = 0;
  for (const at::Tensor& gradient : wanted) largest = std::max(largest, gradient.abs().max().item<double>());
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_LT((gradients[i] - wanted[i]).abs().max().item<double>(), 1e-9 * largest) << names[i];
  }
}

// A batch that ends after its longest utterance against the same with 20 s for each.
inline void expect_trimming_changes_nothing(SpeechModel& model) {
  torch::manual_seed(5);
  for (const int64_t longest : {3360, 3361, 4000, 4159, 4800}) {
    const at::Tensor audio = 3000 * at::randn({2, longest}, at::kDouble);
    std::vector<at::Tensor> logits, losses, gradients;
    for (const BatchLength length : {BatchLength::longest_utterance, BatchLength::full}) {
      const int64_t samples = batch_samples(longest, length);
      Batch batch;
      batch.examples = 2;
      const at::Tensor ends = torch::tensor({longest, longest - 900}).unsqueeze(1);
      batch.tensors = {{"inputs", at::constant_pad_nd(audio, {0, samples - longest})},
                       {"input_paddings", at::arange(samples).ge(ends).to(at::kDouble)},
                       {"targets", torch::tensor({{1, 2}, {3, 4}})},
                       {"target_paddings", at::zeros({2, 2}, at::kDouble)}};
      const at::Tensor found = model.forward(batch, {ForwardMode::train, false, 0.0});
      const at::Tensor paddings = logit_paddings_of(batch.at("input_paddings"));
      const at::Tensor loss = ctc_loss(batch, found, paddings).mean();
      logits.push_back((found * (1 - paddings).unsqueeze(2)).sum(at::IntArrayRef({0, 1})).detach());
      losses.push_back(loss.detach());
      gradients.push_back(
          torch::autograd::grad({loss}, {model.named_parameters()["subsample.conv1.kernel"]})[0]);
    }
    EXPECT_TRUE(at::allclose(logits[0], logits[1], 1e-11, 1e-10)) << longest;
    EXPECT_TRUE(at::allclose(losses[0], losses[1], 1e-12, 1e-12)) << longest;
    EXPECT_TRUE(at::allclose(gradients[0], gradients[1], 1e-9, 1e-11)) << longest;
  }
}

inline int64_t full_parameter_count(const std::string& workload, const std::string& variant) {
  WorkloadOptions options;
  options.variant = variant;
  options.device = at::kMeta;  // shapes alone
  const auto made = make_workload(workload, options);
  made->build_model(1);
  int64_t count = 0;
  for (const Parameter& parameter : made->parameters()) count += parameter.tensor.numel();
  return count;
}

}  // namespace timetrial
