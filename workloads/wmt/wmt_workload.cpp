#include <algorithm>
#include <optional>

#include <ATen/ATen.h>

#include "workloads/data/evaluation_pass.h"
#include "workloads/data/moved_batch.h"
#include "workloads/data/seeded_order.h"
#include "workloads/data/sentence_piece.h"
#include "workloads/metrics/bleu.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/wmt/sentence_batch.h"
#include "workloads/wmt/text_files.h"
#include "workloads/wmt/token_loss.h"
#include "workloads/wmt/translation.h"
#include "workloads/wmt/wmt_data.h"
#include "workloads/wmt/wmt_fingerprint.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "wmt";
constexpr int64_t kDefaultEvaluationBatch = 128;

class WmtWorkload : public Workload {
 public:
  explicit WmtWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kName)),
        config_(transformer_config(options_.tier == Tier::mini, options_.variant)) {}

  LossType loss_type() const override { return LossType::softmax_cross_entropy; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<Transformer>(config_, options, seeded_generator(options_.device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "shared_embedding"); }

  // [rows, length, vocabulary]
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    const bool training = options.mode == ForwardMode::train;
    model_->train(training);
    const double dropout = options.dropout_rate.value_or(config_.default_dropout);
    return model_->forward(moved_batch(batch, options_.device), training ? dropout : 0);
  }

  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override {
    return token_loss(batch, logits, options.label_smoothing);
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    return std::make_unique<SentenceSource>(pairs(Split::train_evaluation), batch_size, seed);
  }

  Metrics evaluate(Split split) override;

  std::vector<FingerprintCase> fingerprint_cases() const override {
    return wmt_fingerprint_cases(config_.vocabulary);
  }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  // Read once.
  std::shared_ptr<const TokenizedPairs> pairs(Split split) {
    auto& read = pairs_[split];
    if (read == nullptr) {
      read_manifest(folder_, kName);  // a data set without one was never completed
      read = std::make_shared<const TokenizedPairs>(read_pairs(folder_, text_of(split), limits()));
    }
    return read;
  }

  const SentencePieceModel& vocabulary() {
    if (!vocabulary_) vocabulary_.emplace(folder_ / kVocabularyFile, config_.vocabulary);
    return *vocabulary_;
  }

  TextLimits limits() const { return text_limits(options_.tier == Tier::mini); }

  static const char* text_of(Split split) {
    if (split == Split::validation) return kValidationText;
    return split == Split::test ? kTestText : kTrainingText;
  }

  std::vector<uint32_t> evaluation_order(Split split);

  WorkloadOptions options_;
  std::filesystem::path folder_;
  TransformerConfig config_;
  std::shared_ptr<Transformer> model_;
  std::map<Split, std::shared_ptr<const TokenizedPairs>> pairs_;
  std::optional<SentencePieceModel> vocabulary_;
};

// What a batch adds to the metrics.
struct TranslationScore {
  double loss = 0;
  double right = 0;
  double tokens = 0;
  Bleu bleu;

  void count_tokens(const Batch& batch, const at::Tensor& logits) {
    loss = token_loss(batch, logits, 0).per_example.sum(at::kDouble).item<double>();
    const at::Tensor weights = batch.at("weights").cpu();
    right = (logits.argmax(2).cpu().eq(batch.at("targets").cpu()) * weights).sum(at::kDouble).item<double>();
    tokens = weights.sum(at::kDouble).item<double>();
  }
};

at::Tensor packed(const TranslationScore& score) {
  std::vector<double> values = {score.loss, score.right, score.tokens,
                                static_cast<double>(score.bleu.hypothesis_length),
                                static_cast<double>(score.bleu.reference_length)};
  for (const auto& counts : {score.bleu.matches, score.bleu.totals}) {
    for (const int64_t count : counts) values.push_back(static_cast<double>(count));
  }
  return numbers(values);
}

TranslationScore unpacked(const std::vector<double>& values) {
  TranslationScore score{values[0], values[1], values[2], {}};
  score.bleu.hypothesis_length = static_cast<int64_t>(values[3]);
  score.bleu.reference_length = static_cast<int64_t>(values[4]);
  auto value = values.begin() + 5;
  for (auto* counts : {&score.bleu.matches, &score.bleu.totals}) {
    for (int64_t& count : *counts) count = static_cast<int64_t>(*value++);
  }
  return score;
}

// All pairs of a split that is held out; of the training text as many as there are to validate on. In the
// order of their lengths, so that little of a batch is padding: no metric depends on the order.
std::vector<uint32_t> WmtWorkload::evaluation_order(Split split) {
  const TokenizedPairs& all = *pairs(split);
  const uint32_t wanted = split == Split::train_evaluation ? pairs(Split::validation)->count() : all.count();
  std::vector<uint32_t> order = train_evaluation_part(all.count(), wanted);
  std::ranges::sort(order);
  std::ranges::stable_sort(order, {}, [&](uint32_t pair) { return all.source(pair).size(); });
  return order;
}

Metrics WmtWorkload::evaluate(Split split) {
  require_evaluation_data(options_);
  const at::NoGradGuard no_grad;
  const std::vector<uint32_t> order = evaluation_order(split);
  const TokenizedPairs& all = *pairs(split);
  const BeamSearchOptions search = {.longest = config_.longest, .end = kEndPiece};
  const auto make = [&](int64_t begin, int64_t count) {
    return padded_batch(all,
                        std::span(order).subspan(static_cast<size_t>(begin), static_cast<size_t>(count)));
  };
  const auto score = [&](const Batch& batch) {
    TranslationScore own;
    own.count_tokens(batch, forward(batch, {ForwardMode::evaluate, false, std::nullopt}));
    std::vector<std::string> translations, references;
    const at::Tensor found = translate(*model_, batch.at("inputs").to(options_.device), search).cpu();
    for (int64_t i = 0; i < found.size(0); ++i) {
      translations.push_back(vocabulary().decode(up_to_end(found[i], search.end)));
      references.push_back(vocabulary().decode(up_to_end(batch.at("targets")[i], search.end)));
    }
    own.bleu = corpus_bleu(translations, references);
    return packed(own);
  };
  const int64_t batch_size =
      options_.evaluation_batch_size > 0 ? options_.evaluation_batch_size : kDefaultEvaluationBatch;
  const TranslationScore whole = unpacked(sums_of(
      evaluation_pass(static_cast<int64_t>(order.size()), batch_size, options_.loader_threads, make, score)));
  return {{"loss", whole.loss / whole.tokens},
          {"accuracy", whole.right / whole.tokens},
          {"bleu", bleu_score(whole.bleu)}};
}

}  // namespace

std::unique_ptr<Workload> make_wmt(const WorkloadOptions& options) {
  return std::make_unique<WmtWorkload>(options);
}

}  // namespace timetrial
