#pragma once

#include <memory>
#include <vector>

#include "workloads/layers/layer_norm.h"
#include "workloads/layers/linear.h"
#include "workloads/librispeech/speech_model.h"
#include "workloads/librispeech/subsampling.h"
#include "workloads/librispeech_conformer/conformer_block.h"

namespace timetrial {

// Subsampling -> Conformer blocks -> norm -> logits. Parameters subsample, conformers.<i>, ln, lin. All
// weights start Xavier uniform, biases and scales at zero.
class Conformer : public SpeechModel {
 public:
  Conformer(const ConformerConfig& config, const at::TensorOptions& options, const at::Generator& generator);

 protected:
  at::Tensor encode(const at::Tensor& features, const at::Tensor& paddings, const ForwardOptions& options,
                    double dropout_rate) const override;

 private:
  std::shared_ptr<Subsampling> subsampling_;
  std::vector<std::shared_ptr<ConformerBlock>> blocks_;
  std::shared_ptr<LayerNormLayer> norm_;
  std::shared_ptr<LinearLayer> output_;
};

}  // namespace timetrial
