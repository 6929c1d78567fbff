#pragma once

// Shampoo's preconditioner of one block (Gupta et al., Shampoo: Preconditioned Stochastic Tensor
// Optimization, 2018): for every dimension k a factor L_k, the moving average of G_(k) G_(k)' with the
// block's gradient G unfolded along k, and its inverse root, with which the block is multiplied along k.

#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

class BlockPreconditioner {
 public:
  // sizes: of the block. like: of the dtype and on the device of its gradients. The roots start as
  // identities.
  BlockPreconditioner(at::IntArrayRef sizes, const at::Tensor& like);

  // L_k <- beta2 L_k + (1 - beta2) G_(k) G_(k)'
  void accumulate(const at::Tensor& gradient, double beta2);

  // Root k becomes (L_k / bias_correction + epsilon)^(-exponent); one that cannot be computed stays as it is.
  // Throws std::runtime_error when a factor is not finite.
  void compute_roots(double bias_correction, double exponent, double epsilon);

  // The block times its roots: a new tensor.
  at::Tensor precondition(const at::Tensor& block) const;

  int64_t order() const { return static_cast<int64_t>(factors_.size()); }
  const std::vector<at::Tensor>& factors() const { return factors_; }
  const std::vector<at::Tensor>& roots() const { return roots_; }

 private:
  std::vector<at::Tensor> factors_;  // of every dimension: [size, size], float32 or float64
  std::vector<at::Tensor> roots_;    // of every dimension: [size, size], in the dtype of the block
};

}  // namespace timetrial
