#pragma once

#include <cstdint>
#include <memory>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "workloads/layers/attention.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/layers/linear.h"

namespace timetrial {

// Attention with recurrence over segments (Dai et al. 2019) of topologically sorted nodes: a node looks at
// its own segment and, without gradient, at the one before. No positions are added: where a node stands is
// part of what it is. The graph's embedding gates what goes in. With x the nodes and g their graphs'
// embeddings:
//   y = Norm(x * sigmoid(W g)),  z = x + Attention(y),  result = z + Linear(ReLU(Linear(Norm(z))))
class SegmentRecurrence : public torch::nn::Module {
 public:
  SegmentRecurrence(int64_t width, int64_t heads, int64_t segment_nodes, const at::TensorOptions& options,
                    const at::Generator& generator);

  // nodes [N, width], graphs [G, width] -> [N, width]; the batch as in policy_batch.h
  at::Tensor forward(const at::Tensor& nodes, const at::Tensor& graphs, const Batch& batch) const;

 private:
  at::Tensor attend_to_segments(const at::Tensor& nodes, const Batch& batch) const;

  int64_t segment_nodes_;
  std::shared_ptr<LinearLayer> gate_, widen_, narrow_;
  std::shared_ptr<LayerNormLayer> attention_norm_, output_norm_;
  std::shared_ptr<CrossAttention> attention_;
};

}  // namespace timetrial
