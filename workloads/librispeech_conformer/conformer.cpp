#include "workloads/librispeech_conformer/conformer.h"

#include <string>

#include <ATen/ATen.h>

namespace timetrial {

Conformer::Conformer(const ConformerConfig& config, const at::TensorOptions& options,
                     const at::Generator& generator)
    : SpeechModel(config.masks, options) {
  SubsamplingShape shape;
  shape.channels = config.channels;
  shape.width = config.width;
  subsampling_ = register_module("subsample", std::make_shared<Subsampling>(shape, options, generator));
  const auto blocks = register_module("conformers", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < config.blocks; ++i) {
    blocks_.push_back(blocks->register_module(std::to_string(i),
                                              std::make_shared<ConformerBlock>(config, options, generator)));
  }
  norm_ = register_module("ln", std::make_shared<LayerNormLayer>(config.width, kConformerNormEpsilon, options,
                                                                 ScaleStorage::offset_from_one));
  output_ = register_module("lin", std::make_shared<LinearLayer>(config.width, config.pieces, options));
  output_->init_xavier(generator);
}

at::Tensor Conformer::encode(const at::Tensor& features, const at::Tensor& paddings,
                             const ForwardOptions& options, double dropout_rate) const {
  const FrameMask mask(halved_paddings(halved_paddings(paddings)), features.options());
  at::Tensor frames = subsampling_->forward(features, paddings, dropout_rate);
  for (const auto& block : blocks_) frames = block->forward(frames, mask, options, dropout_rate);
  return output_->forward(norm_->forward(frames));
}

}  // namespace timetrial
