#pragma once

// The baseline of TpuGraphs' layout collections (arXiv 2308.13490; ResModel): the layouts of configurable
// nodes join the features of all, and graph convolutions (Kipf and Welling 2017) over consumers and producers
// alike add to what a node has.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "workloads/layers/linear.h"

namespace timetrial {

struct ResidualConfig {
  int64_t embedding = 32;  // width of an operation's
  int64_t hidden = 32;
  int64_t layers = 2;        // graph convolutions
  double layout_gain = 100;  // what layouts are multiplied by
};

class ResidualNetwork : public torch::nn::Module {
 public:
  ResidualNetwork(const ResidualConfig& config, const at::TensorOptions& options,
                  const at::Generator& generator);

  // A batch as in layout_batch.h, on the model's device -> scores of its pieces [pieces, configurations],
  // larger for a longer time.
  at::Tensor forward(const Batch& batch) const;

 private:
  // Two linear layers. The first one's weight is multiplied part by part where its input is a concatenation.
  struct Perceptron {
    std::shared_ptr<LinearLayer> first, second;
  };
  Perceptron perceptron(const std::string& name, const std::vector<int64_t>& widths, Bias bias,
                        const at::TensorOptions& options, const at::Generator& generator);

  double layout_gain_;
  at::Tensor embedding_;  // [121, embedding]
  Perceptron prenet_;
  std::vector<Perceptron> convolutions_;
  Perceptron head_;
};

}  // namespace timetrial
