#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include <ATen/ATen.h>

#include "harness/errors/user_error.h"
#include "workloads/data/evaluation_pass.h"
#include "workloads/data/seeded_order.h"
#include "workloads/finewebedu_lm/autocast_scope.h"
#include "workloads/finewebedu_lm/decoder.h"
#include "workloads/finewebedu_lm/token_source.h"
#include "workloads/finewebedu_lm/token_splits.h"
#include "workloads/fingerprint/generated_tensor.h"
#include "workloads/layers/token_cross_entropy.h"
#include "workloads/masked_loss.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "finewebedu_lm";
constexpr int64_t kDefaultEvaluationBatch = 256;
// Metrics do not depend on how a split is cut, so a batch of evaluation never has more logits than this.
constexpr int64_t kLargestEvaluationLogits = int64_t{1} << 31;
constexpr size_t kTrainEvaluationRuns = 10'000;

// Two runs of 32 tokens, the second of which counts up to token 20.
FingerprintCase generated_runs(int64_t vocabulary) {
  constexpr int64_t kRuns = 2;
  constexpr int64_t kTokens = 32;
  const at::Tensor tokens = hash_tensor(1001, {kRuns, kTokens + 1}, static_cast<uint32_t>(vocabulary));
  at::Tensor weights = at::ones({kRuns, kTokens});
  weights.select(0, 1).narrow(0, 20, kTokens - 20).fill_(0);
  FingerprintCase result;
  result.name = "b2l32";
  result.batch.tensors = {{"inputs", tokens.narrow(1, 0, kTokens).contiguous()},
                          {"targets", tokens.narrow(1, 1, kTokens).contiguous()},
                          {"weights", weights}};
  result.batch.examples = kRuns;
  return result;
}

class FinewebeduWorkload : public Workload {
 public:
  explicit FinewebeduWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kName)),
        config_(decoder_config(options_.tier == Tier::mini, options_.variant)) {}

  LossType loss_type() const override { return LossType::softmax_cross_entropy; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    // The definition's precision; on a CPU, where trials of the mini tier run, everything is float32.
    autocast_ = options_.device.is_cuda() && dtype == at::kFloat;
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<Decoder>(config_, options, seeded_generator(options_.device, seed));
  }

  void build_fingerprint_model(at::ScalarType dtype) override {
    build_model(0, dtype);
    autocast_ = false;
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "embed_tokens"); }

  // [batch, tokens, vocabulary]
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    const AutocastScope autocast(options_.device.type(), autocast_);
    return model_->forward(batch.at("inputs").to(options_.device, /*non_blocking=*/true));
  }

  // Per token; the normaliser is the sum of the weights, or the number of tokens.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override {
    const at::Tensor targets = batch.at("targets").to(logits.device(), /*non_blocking=*/true);
    Loss loss = masked_loss(
        token_cross_entropy(logits.flatten(0, 1), targets.flatten(), options.label_smoothing), batch);
    loss.per_example = loss.per_example.view_as(targets);
    return loss;
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    return token_training(runs_of(Split::train_evaluation), batch_size, seed);
  }

  // "loss", the mean over all targets, and "ppl", its exponential. The full tier has no test split: no
  // metrics.
  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    const at::NoGradGuard no_grad;
    const std::optional<TokenRuns> runs = find_runs(split);
    if (!runs) return {};
    const std::vector<uint32_t> order = evaluation_order(split, *runs);
    const std::vector<double> sums = sums_of(evaluation_pass(
        static_cast<int64_t>(order.size()), evaluation_batch(), options_.loader_threads,
        [&](int64_t begin, int64_t count) { return token_batch(*runs, order.data() + begin, count); },
        [&](const Batch& batch) {
          const at::Tensor logits = forward(batch, {ForwardMode::evaluate, false, std::nullopt});
          return numbers({loss(batch, logits, {}).per_example.sum(at::kDouble).item<double>()});
        }));
    const double mean = sums[0] / static_cast<double>(static_cast<int64_t>(order.size()) * config_.context);
    return {{"loss", mean}, {"ppl", std::exp(mean)}};
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    return {generated_runs(config_.vocabulary)};
  }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  int64_t evaluation_batch() const {
    const int64_t wanted =
        options_.evaluation_batch_size > 0 ? options_.evaluation_batch_size : kDefaultEvaluationBatch;
    const int64_t most = kLargestEvaluationLogits / (config_.context * config_.vocabulary);
    return std::min(wanted, std::max<int64_t>(most, 1));
  }

  // Every run of the split once; of the training data as many as there are to validate on, at most 10,000.
  std::vector<uint32_t> evaluation_order(Split split, const TokenRuns& runs) {
    if (split == Split::train_evaluation) {
      const auto validation = static_cast<size_t>(runs_of(Split::validation).count);
      return train_evaluation_part(static_cast<uint32_t>(runs.count),
                                   std::min(validation, kTrainEvaluationRuns));
    }
    std::vector<uint32_t> all(static_cast<size_t>(runs.count));
    std::iota(all.begin(), all.end(), 0U);
    return all;
  }

  TokenRuns runs_of(Split split) { return find_runs(split).value(); }

  // None when the data set has no such split. Files stay open.
  std::optional<TokenRuns> find_runs(Split split) {
    const std::string name(to_string(split));
    if (!runs_.contains(name)) {
      const int64_t count = read_manifest(folder_, kName).examples.at(name);
      std::optional<TokenRuns> runs;
      if (count > 0) {
        runs = TokenRuns{std::make_shared<const TokenFile>(token_file(folder_, name)), count,
                         config_.context + 1, config_.vocabulary};
        require_runs(*runs);
      }
      runs_.emplace(name, std::move(runs));
    }
    return runs_.at(name);
  }

  static void require_runs(const TokenRuns& runs) {
    if (runs.file->runs(runs.length) >= runs.count) return;
    throw UserError({"the token file is shorter than its manifest says", runs.file->path().string(),
                     std::to_string(runs.file->tokens().size()) + " tokens",
                     "run `timetrial prepare finewebedu_lm` again"});
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  DecoderConfig config_;
  std::shared_ptr<Decoder> model_;
  bool autocast_ = false;
  std::map<std::string, std::optional<TokenRuns>> runs_;  // by split
};

}  // namespace

std::unique_ptr<Workload> make_finewebedu_lm(const WorkloadOptions& options) {
  return std::make_unique<FinewebeduWorkload>(options);
}

}  // namespace timetrial
