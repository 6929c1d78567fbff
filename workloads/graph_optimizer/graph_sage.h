#pragma once

#include <cstdint>
#include <memory>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "workloads/layers/linear.h"

namespace timetrial {

// One layer of inductive GraphSAGE with the max-pool aggregator (Hamilton et al. 2017), over operands and
// consumers apart: of the neighbours' Linear + ReLU the largest of every element (0 where there is none),
// both beside the node's own values, Linear + ReLU.
class GraphSageLayer : public torch::nn::Module {
 public:
  GraphSageLayer(int64_t width, const at::TensorOptions& options, const at::Generator& generator);

  // [N, width] -> [N, width]; the batch as in policy_batch.h
  at::Tensor forward(const at::Tensor& nodes, const Batch& batch) const;

 private:
  std::shared_ptr<LinearLayer> operands_, consumers_, join_;
};

}  // namespace timetrial
