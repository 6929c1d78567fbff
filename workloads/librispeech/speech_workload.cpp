#include "workloads/librispeech/speech_workload.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <ATen/ATen.h>

#include "workloads/data/evaluation_pass.h"
#include "workloads/data/seeded_order.h"
#include "workloads/librispeech/ctc_loss.h"
#include "workloads/librispeech/greedy_decoding.h"
#include "workloads/librispeech/speech_fingerprint.h"
#include "workloads/librispeech/speech_tokenizer.h"
#include "workloads/metrics/word_error_rate.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

constexpr const char* kDataSet = "librispeech";  // of both workloads
constexpr int64_t kDefaultEvaluationBatch = 256;
constexpr size_t kTrainEvaluationUtterances = 5376;  // of the reference

// Which utterances of a split to evaluate, short ones first, so that batches hold little padding.
std::vector<uint32_t> evaluation_order(const UtteranceSplit& split, size_t wanted) {
  const auto count = static_cast<uint32_t>(split.utterances.size());
  std::vector<uint32_t> order = train_evaluation_part(count, wanted);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(split.utterances[a].samples, a) < std::pair(split.utterances[b].samples, b);
  });
  return order;
}

}  // namespace

SpeechWorkload::SpeechWorkload(WorkloadOptions options, std::string name, const SpectrumMasks& masks)
    : options_(std::move(options)),
      name_(std::move(name)),
      masks_(masks),
      folder_(data_set_directory(options_, kDataSet)) {}

void SpeechWorkload::build_model(uint64_t seed, at::ScalarType dtype) {
  model_ = new_model(at::TensorOptions().dtype(dtype).device(options_.device),
                     seeded_generator(options_.device, seed));
}

ParameterList SpeechWorkload::parameters() {
  return list_parameters(*model_, "lin");
}

at::Tensor SpeechWorkload::forward(const Batch& batch, const ForwardOptions& options) {
  return model_->forward(batch, options);
}

Loss SpeechWorkload::loss(const Batch& batch, const at::Tensor& logits, const LossOptions&) {
  return ctc_loss(batch, logits, logit_paddings(batch));
}

at::Tensor SpeechWorkload::logit_paddings(const Batch& batch) {
  return logit_paddings_of(batch.at("input_paddings"));
}

// A CUDA device likes shapes that stay; a CPU likes to compute less.
SpeechBatchOptions SpeechWorkload::batch_options() const {
  const bool cuda = options_.device.is_cuda();
  return {cuda ? BatchLength::full : BatchLength::longest_utterance, cuda};
}

std::unique_ptr<BatchSource> SpeechWorkload::training_data(int64_t batch_size, uint64_t seed) {
  return speech_training(utterances(SpeechSplit::train), masks_, batch_options(), batch_size, seed);
}

Metrics SpeechWorkload::evaluate(Split split) {
  require_evaluation_data(options_);
  const at::NoGradGuard no_grad;
  const auto validation = utterances(SpeechSplit::validation);
  const auto chosen = split == Split::validation ? validation
                      : split == Split::test     ? utterances(SpeechSplit::test)
                                                 : utterances(SpeechSplit::train);
  size_t wanted = chosen->utterances.size();
  if (split == Split::train_evaluation) {
    wanted = options_.tier == Tier::full ? kTrainEvaluationUtterances : validation->utterances.size();
  }
  const std::vector<uint32_t> order = evaluation_order(*chosen, wanted);
  const auto score = [&](const Batch& batch) {
    int64_t tokens = 0;
    WordErrors words;
    const at::Tensor logits = forward(batch, {ForwardMode::evaluate, false, std::nullopt});
    const auto summed_loss = loss(batch, logits, {}).per_example.sum(at::kDouble).item<double>();
    const auto decoded = greedy_decoding(logits, logit_paddings(batch));
    const at::Tensor lengths = unpadded_lengths(batch.at("target_paddings"));
    const at::Tensor targets = batch.at("targets").to(at::kInt).contiguous();
    for (int64_t example = 0; example < batch.examples; ++example) {
      const auto length = lengths[example].item<int64_t>();
      const std::span<const int32_t> target(targets.const_data_ptr<int32_t>() + example * targets.size(1),
                                            static_cast<size_t>(length));
      const WordErrors found =
          word_errors(tokenizer().decode(decoded[static_cast<size_t>(example)]), tokenizer().decode(target));
      words.edits += found.edits;
      words.words += found.words;
      tokens += length;
    }
    return numbers({summed_loss, static_cast<double>(tokens), static_cast<double>(words.edits),
                    static_cast<double>(words.words)});
  };
  const int64_t batch_size =
      options_.evaluation_batch_size > 0 ? options_.evaluation_batch_size : kDefaultEvaluationBatch;
  const std::vector<double> sums = sums_of(evaluation_pass(
      static_cast<int64_t>(order.size()), batch_size, options_.loader_threads,
      [&](int64_t begin, int64_t count) {
        return speech_batch(chosen->utterances, order.data() + begin, count, batch_options());
      },
      score));
  return {{"loss", sums[0] / sums[1]}, {"wer", sums[2] / sums[3]}};
}

std::vector<FingerprintCase> SpeechWorkload::fingerprint_cases() const {
  return {speech_fingerprint_case("t16000", 16000, 12000, pieces()),
          speech_fingerprint_case("t33333", 33333, 20001, pieces())};
}

std::string SpeechWorkload::data_set_id() const {
  return read_manifest(folder_, name_).id;
}

int64_t SpeechWorkload::pieces() const {
  return options_.tier == Tier::mini ? kMiniSpeechPieces : kSpeechPieces;
}

std::shared_ptr<const UtteranceSplit> SpeechWorkload::utterances(SpeechSplit split) {
  std::shared_ptr<const UtteranceSplit>& known = splits_[split];
  if (known == nullptr) {
    read_manifest(folder_, name_);  // a data set without one was never completed
    known = std::make_shared<const UtteranceSplit>(read_utterances(folder_, split, tokenizer()));
  }
  return known;
}

const SentencePieceModel& SpeechWorkload::tokenizer() {
  if (!tokenizer_) {
    tokenizer_.emplace(speech_tokenizer_file(folder_), pieces());
  }
  return *tokenizer_;
}

}  // namespace timetrial
