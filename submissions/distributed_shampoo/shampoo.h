#pragma once

// Shampoo over a list of tensors. With gradient G and number t of the update, from 1:
//   M <- beta1 M + (1 - beta1) G;   U = (beta1 M + (1 - beta1) G or, without nadam, M) / (1 - beta1^t)
//   D = the grafted step of U before start_preconditioning_step; then, block by block, U preconditioned and
//   as long
//       as the grafted step
//   D <- D + weight_decay W;   B <- momentum B + (1 - momentum) D;   D <- momentum B + (1 - momentum) D or B
//   W <- W - rate D
// The grafted step of U is U itself (sgd) or U / (sqrt(V / (1 - beta2^t)) + grafting_epsilon) with Adam's V.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "block_preconditioner.h"
#include "blocking.h"
#include "settings.h"
#include "timetrial/state.h"

namespace timetrial {

class Shampoo {
 public:
  // With it off every update is the grafted step.
  enum class Preconditioning { on, off };

  Shampoo(std::vector<at::Tensor> parameters, const ShampooSettings& settings,
          Preconditioning preconditioning);

  // The update with the 0-based number `step`. gradients[i] belongs to parameter i; an undefined entry leaves
  // parameter and state alone. Waits for the device only where roots are computed.
  void update(const std::vector<at::Tensor>& gradients, int64_t step);

  // All names begin with the prefix.
  void save(State& state, const std::string& prefix) const;
  void load(const State& state, const std::string& prefix);

 private:
  // State of a parameter, in its merged sizes.
  struct Slot {
    at::Tensor parameter;  // in its own sizes
    std::vector<int64_t> sizes;
    at::Tensor first_moment;   // undefined with beta1 = 0
    at::Tensor second_moment;  // undefined unless Adam is grafted
    at::Tensor momentum;       // undefined with momentum 0
    std::vector<Block> blocks;
    std::vector<BlockPreconditioner> preconditioners;  // of each block
  };

  struct Active;  // what takes part in one update, as parallel lists

  std::vector<at::Tensor> filtered(const Active& active, double t) const;
  std::vector<at::Tensor> grafted(const Active& active, const std::vector<at::Tensor>& filtered,
                                  double t) const;
  void update_preconditioners(const Active& active, int64_t t) const;
  at::Tensor preconditioned(const Slot& slot, const at::Tensor& filtered, const at::Tensor& grafted) const;
  void apply(const Active& active, std::vector<at::Tensor> directions, double rate) const;
  bool computes_roots(int64_t t) const;
  // Tensors of all slots that have them.
  std::vector<std::pair<std::string, std::vector<at::Tensor>>> state_lists() const;

  ShampooSettings settings_;
  Preconditioning preconditioning_;
  std::vector<Slot> slots_;
};

}  // namespace timetrial
