#include "block_preconditioner.h"

#include <ATen/ATen.h>

#include "matrix_root.h"

namespace timetrial {

BlockPreconditioner::BlockPreconditioner(at::IntArrayRef sizes, const at::Tensor& like) {
  const at::ScalarType precision = like.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  for (const int64_t size : sizes) {
    factors_.push_back(at::zeros({size, size}, like.options().dtype(precision)));
    roots_.push_back(at::eye(size, like.options()));
  }
}

void BlockPreconditioner::accumulate(const at::Tensor& gradient, double beta2) {
  for (int64_t k = 0; k < order(); ++k) {
    at::Tensor& factor = factors_[static_cast<std::size_t>(k)];
    const at::Tensor unfolded =
        gradient.movedim(k, 0).reshape({gradient.size(k), -1}).to(factor.scalar_type());
    factor.addmm_(unfolded, unfolded.t(), beta2, 1 - beta2);
  }
}

void BlockPreconditioner::compute_roots(double bias_correction, double exponent, double epsilon) {
  for (std::size_t k = 0; k < factors_.size(); ++k) {
    const auto root = inverse_root(factors_[k] / bias_correction, exponent, epsilon);
    if (root) roots_[k].copy_(*root);
  }
}

at::Tensor BlockPreconditioner::precondition(const at::Tensor& block) const {
  // Each product takes the first dimension away and puts it last: after all of them the order is as before.
  at::Tensor product = block;
  for (const at::Tensor& root : roots_) product = at::tensordot(product, root, {0}, {0});
  return product;
}

}  // namespace timetrial
