#pragma once

#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/model.h"
#include "workloads/imagenet_vit/attention_pool.h"
#include "workloads/imagenet_vit/encoder_block.h"
#include "workloads/imagenet_vit/vit_config.h"
#include "workloads/layers/convolution.h"

namespace timetrial {

// Vision transformer without a class token (Dosovitskiy et al. 2020; Beyer, Zhai and Kolesnikov 2022):
// patches -> tokens + fixed positions -> encoder blocks -> mean over tokens (or AttentionPool) -> tanh layer
// -> head, which starts at zero. Parameters pre_logits, conv_patch_extract, encoder.net.<i>,
// encoder.encoder_norm (not with post_norm), head and, with attention_pool, map.
class Vit : public torch::nn::Module {
 public:
  Vit(const VitConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  // [batch, 3, height, width], sides multiples of the patch -> logits [batch, classes]
  at::Tensor forward(const at::Tensor& images, const ForwardOptions& options);

 private:
  at::Tensor tokens_of(const at::Tensor& images);

  std::shared_ptr<LinearLayer> pre_logits_;
  std::shared_ptr<ConvolutionLayer> patches_;
  std::vector<std::shared_ptr<EncoderBlock>> blocks_;
  std::shared_ptr<LayerNormLayer> final_norm_;  // empty with post_norm
  std::shared_ptr<LinearLayer> head_;
  std::shared_ptr<AttentionPool> pool_;  // empty without attention_pool
  at::Tensor positions_;                 // of the last grid seen; no buffer, as it follows from the sizes
  int64_t rows_ = 0;
  int64_t columns_ = 0;
};

}  // namespace timetrial
