#pragma once

// All of librispeech_conformer and librispeech_deepspeech but their networks.

#include <memory>
#include <optional>
#include <string>

#include "workloads/data/sentence_piece.h"
#include "workloads/librispeech/speech_batch.h"
#include "workloads/librispeech/speech_model.h"
#include "workloads/workload.h"

namespace timetrial {

class SpeechWorkload : public Workload {
 public:
  LossType loss_type() const override { return LossType::ctc; }
  void build_model(uint64_t seed, at::ScalarType dtype) override;
  torch::nn::Module& model() override { return *model_; }
  ParameterList parameters() override;

  // [batch, frames / 4, pieces]
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override;
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override;
  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override;

  // "wer": word errors over words of greedy decoding; "loss": CTC loss a target token.
  Metrics evaluate(Split split) override;

  std::vector<FingerprintCase> fingerprint_cases() const override;
  at::Tensor logit_paddings(const Batch& batch) override;
  bool scales_minus_one() const override { return true; }
  std::string data_set_id() const override;

 protected:
  SpeechWorkload(WorkloadOptions options, std::string name, const SpectrumMasks& masks);

  virtual std::shared_ptr<SpeechModel> new_model(const at::TensorOptions& tensors,
                                                 const at::Generator& generator) const = 0;

 private:
  int64_t pieces() const;
  SpeechBatchOptions batch_options() const;
  std::shared_ptr<const UtteranceSplit> utterances(SpeechSplit split);
  const SentencePieceModel& tokenizer();

  WorkloadOptions options_;
  std::string name_;
  SpectrumMasks masks_;
  std::filesystem::path folder_;
  std::shared_ptr<SpeechModel> model_;
  std::optional<SentencePieceModel> tokenizer_;
  std::map<SpeechSplit, std::shared_ptr<const UtteranceSplit>> splits_;
};

}  // namespace timetrial
