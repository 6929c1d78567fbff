// Translating by beam search: sentences a second, batched with cached keys and values, one at a time with
// them, and one at a time by running the whole prefix through the model at every step. Untrained models
// rarely end a sentence, so all searches go on to the same length. And the loss over the full vocabulary
// beside LibTorch's.

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "workloads/layers/token_cross_entropy.h"
#include "workloads/wmt/translation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr int64_t kSourceLength = 24;

const Transformer& model_of(bool mini) {
  static std::map<bool, std::unique_ptr<Transformer>> models;
  auto& model = models[mini];
  if (!model) {
    model = std::make_unique<Transformer>(transformer_config(mini, ""), at::kFloat,
                                          seeded_generator(at::kCPU, 1));
    model->eval();
  }
  return *model;
}

at::Tensor sources_of(bool mini, int64_t sentences) {
  torch::manual_seed(1);
  return at::randint(3, transformer_config(mini, "").vocabulary, {sentences, kSourceLength}, at::kLong);
}

// Nothing is kept between the steps but the tokens.
class RecomputingDecoder : public BeamDecoder {
 public:
  RecomputingDecoder(const Transformer& model, const at::Tensor& source, int64_t beams)
      : model_(model), sources_(source.expand({beams, -1})), tokens_(at::empty({beams, 0}, at::kLong)) {}

  at::Tensor step(const at::Tensor& tokens) override {
    tokens_ = at::cat({tokens_, tokens.view({-1, 1})}, 1);
    Batch batch;  // the model shifts the targets right: any last one will do
    const at::Tensor targets =
        at::cat({tokens_.narrow(1, 1, tokens_.size(1) - 1), at::ones({tokens_.size(0), 1}, at::kLong)}, 1);
    batch.tensors = {{"inputs", sources_}, {"targets", targets}};
    return model_.forward(batch, 0).select(1, tokens_.size(1) - 1).unsqueeze(0);
  }
  void reorder(const at::Tensor& rows) override { tokens_ = tokens_.index_select(0, rows); }
  void keep(const at::Tensor& sentences) override {
    if (sentences.numel() == 0) tokens_ = tokens_.narrow(0, 0, 0);
  }

 private:
  const Transformer& model_;
  at::Tensor sources_, tokens_;
};

BeamSearchOptions search_options(bool mini) {
  return {.longest = mini ? 40 : 24};
}

void count_sentences(benchmark::State& state, int64_t sentences) {
  state.counters["sentences/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * sentences), benchmark::Counter::kIsRate);
}

void batched(benchmark::State& state, bool mini, int64_t sentences) {
  const at::Tensor sources = sources_of(mini, sentences);
  for (auto _ : state) {
    benchmark::DoNotOptimize(translate(model_of(mini), sources, search_options(mini)));
  }
  count_sentences(state, sentences);
}

void recomputing(benchmark::State& state, bool mini) {
  const at::NoGradGuard no_grad;
  const at::Tensor source = sources_of(mini, 1);
  const BeamSearchOptions options = search_options(mini);
  for (auto _ : state) {
    RecomputingDecoder decoder(model_of(mini), source, options.beams);
    benchmark::DoNotOptimize(beam_search(decoder, 1, at::kFloat, options));
  }
  count_sentences(state, 1);
}

template <typename LossOf>
void loss_and_gradient(benchmark::State& state, const LossOf& loss_of) {
  const at::Tensor logits = at::randn({256, 32000}).requires_grad_();
  const at::Tensor targets = at::randint(32000, {256}, at::kLong);
  for (auto _ : state) {
    const auto gradients = torch::autograd::grad({loss_of(logits, targets).sum()}, {logits});
    benchmark::DoNotOptimize(gradients.front());
  }
}

void our_loss(benchmark::State& state) {
  loss_and_gradient(state, [](const at::Tensor& logits, const at::Tensor& targets) {
    return token_cross_entropy(logits, targets, 0.1);
  });
}

void libtorch_loss(benchmark::State& state) {
  loss_and_gradient(state, [](const at::Tensor& logits, const at::Tensor& targets) {
    return at::cross_entropy_loss(logits, targets, {}, at::Reduction::None, -100, 0.1);
  });
}

#define TRANSLATIONS(name, mini, many)                                  \
  BENCHMARK_CAPTURE(batched, name##_cached_batch_of_##many, mini, many) \
      ->Unit(benchmark::kMillisecond)                                   \
      ->UseRealTime();                                                  \
  BENCHMARK_CAPTURE(batched, name##_cached_one_at_a_time, mini, 1)      \
      ->Unit(benchmark::kMillisecond)                                   \
      ->UseRealTime();                                                  \
  BENCHMARK_CAPTURE(recomputing, name##_whole_prefix, mini)->Unit(benchmark::kMillisecond)->UseRealTime()

TRANSLATIONS(mini, true, 100);
TRANSLATIONS(full, false, 16);
BENCHMARK(our_loss)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(libtorch_loss)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace timetrial
