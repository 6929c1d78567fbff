#pragma once

#include <memory>
#include <vector>

#include "workloads/layers/layer_norm.h"
#include "workloads/layers/linear.h"
#include "workloads/librispeech/masked_batch_norm.h"
#include "workloads/librispeech/speech_model.h"
#include "workloads/librispeech/subsampling.h"
#include "workloads/librispeech_deepspeech/bidirectional_lstm.h"
#include "workloads/librispeech_deepspeech/deepspeech_config.h"

namespace timetrial {

// A norm before a layer: masked batch norm "bn_normalization_layer", or layer norm "normalization_layer" in
// the variant "norm_and_spec_aug".
class DeepSpeechLayer : public torch::nn::Module {
 protected:
  DeepSpeechLayer(const DeepSpeechConfig& config, const at::TensorOptions& options);

  at::Tensor normalised(const at::Tensor& frames, const FrameMask& mask, const ForwardOptions& options) const;

 private:
  std::shared_ptr<MaskedBatchNorm> batch_norm_;
  std::shared_ptr<LayerNormLayer> layer_norm_;
};

// lstm(norm(x))
class RecurrentLayer : public DeepSpeechLayer {
 public:
  RecurrentLayer(const DeepSpeechConfig& config, const at::TensorOptions& options,
                 const at::Generator& generator);

  at::Tensor forward(const at::Tensor& frames, const FrameMask& mask, const ForwardOptions& options) const;

 private:
  std::shared_ptr<BidirectionalLstm> lstm_;
};

// dropout(activation(lin(norm(x)))), padding zero
class DenseLayer : public DeepSpeechLayer {
 public:
  DenseLayer(const DeepSpeechConfig& config, const at::TensorOptions& options,
             const at::Generator& generator);

  at::Tensor forward(const at::Tensor& frames, const FrameMask& mask, const ForwardOptions& options,
                     double dropout_rate) const;

 private:
  Activation activation_;
  std::shared_ptr<LinearLayer> linear_;
};

// After Amodei et al. 2015: subsampling without positions -> recurrent layers -> dense layers, each added to
// its input (not in "no_resnet") -> norm -> logits. Parameters subsample, lstms.<i>, ffns.<i>, ln, lin.
// Linear weights start Xavier uniform with zero biases, scales of norms at zero.
class DeepSpeech : public SpeechModel {
 public:
  DeepSpeech(const DeepSpeechConfig& config, const at::TensorOptions& options,
             const at::Generator& generator);

 protected:
  at::Tensor encode(const at::Tensor& features, const at::Tensor& paddings, const ForwardOptions& options,
                    double dropout_rate) const override;

 private:
  bool residuals_;
  std::shared_ptr<Subsampling> subsampling_;
  std::vector<std::shared_ptr<RecurrentLayer>> recurrent_;
  std::vector<std::shared_ptr<DenseLayer>> dense_;
  std::shared_ptr<LayerNormLayer> norm_;  // empty in "norm_and_spec_aug"
  std::shared_ptr<LinearLayer> output_;
};

}  // namespace timetrial
