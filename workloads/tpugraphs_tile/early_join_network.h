#pragma once

// The baseline of TpuGraphs' tile collection (arXiv 2308.13490; EarlyJoinSAGE): the features of a
// configuration join those of every node before GraphSAGE layers (Hamilton et al. 2017) over consumers and
// producers alike; the sum over the nodes goes through a perceptron.

#include <cstdint>
#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "workloads/layers/linear.h"

namespace timetrial {

struct EarlyJoinConfig {
  int64_t embedding = 64;  // width of an operation's
  int64_t hidden = 64;
  int64_t layers = 3;
};

class EarlyJoinNetwork : public torch::nn::Module {
 public:
  EarlyJoinNetwork(const EarlyJoinConfig& config, const at::TensorOptions& options,
                   const at::Generator& generator);

  // A batch as in tile_batch.h, on the model's device -> scores [kernels, configurations], larger for a
  // longer time.
  at::Tensor forward(const Batch& batch) const;

 private:
  at::Tensor embedding_;  // [121, embedding]
  std::vector<std::shared_ptr<LinearLayer>> sage_;
  std::vector<std::shared_ptr<LinearLayer>> head_;
};

}  // namespace timetrial
