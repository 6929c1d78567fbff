#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

namespace timetrial {

// One table that embeds tokens and makes the logits (Press and Wolf 2017); parameter "weight" [vocabulary,
// width], normal with the given deviation.
class TiedEmbedding : public torch::nn::Module {
 public:
  TiedEmbedding(int64_t vocabulary, int64_t width, double deviation, const at::TensorOptions& options,
                const at::Generator& generator);

  at::Tensor look_up(const at::Tensor& tokens) const;  // [...] int64 -> [..., width]
  at::Tensor logits(const at::Tensor& hidden) const;   // [..., width] -> [..., vocabulary]

 private:
  at::Tensor weight_;
};

}  // namespace timetrial
