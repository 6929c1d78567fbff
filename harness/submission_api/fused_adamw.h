#pragma once

// AdamW (Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019) over a list of tensors, by
// LibTorch's fused kernel. With gradient g, the schedule's learning rate r and the number t of the tensor's
// update, from 1:
//   p <- p (1 - r weight_decay);  m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2
//   p <- p - r (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)

#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/adam.h"
#include "timetrial/state.h"

namespace timetrial {

class FusedAdamw {
 public:
  FusedAdamw() = default;  // of no tensors
  // Tensors of float32 or float64 on one device.
  FusedAdamw(std::vector<at::Tensor> parameters, const AdamSettings& settings);

  // The update with the 0-based number `step`. gradients[i] belongs to parameter i, in its memory order. A
  // parameter whose entry is undefined is left alone and does not age.
  void update(const std::vector<at::Tensor>& gradients, int64_t step);

  // As the lists first_moments, second_moments and steps.
  void save(State& state) const;
  void load(const State& state);

 private:
  AdamSettings settings_;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_moments_;
  std::vector<at::Tensor> second_moments_;
  std::vector<at::Tensor> steps_;  // 0-d float32 for each parameter
};

}  // namespace timetrial
