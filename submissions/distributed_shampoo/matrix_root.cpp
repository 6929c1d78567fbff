#include "matrix_root.h"

#include <stdexcept>
#include <string>

#include <ATen/ATen.h>
#include <c10/util/Exception.h>

namespace timetrial {
namespace {

at::Tensor root_from(const std::tuple<at::Tensor, at::Tensor>& decomposition, double exponent,
                     double epsilon) {
  const auto& [values, vectors] = decomposition;
  const at::Tensor not_negative = values - values.min().clamp_max(0);
  return at::mm(vectors * (not_negative + epsilon).pow(-exponent), vectors.t());
}

}  // namespace

std::tuple<at::Tensor, at::Tensor> decompose_symmetric(const at::Tensor& matrix) {
  return at::linalg_eigh(matrix);
}

std::optional<at::Tensor> inverse_root(const at::Tensor& matrix, double exponent, double epsilon,
                                       const SymmetricEigensolver& decompose) {
  if (!at::isfinite(matrix).all().item<bool>()) {
    throw std::runtime_error(
        "the gradient statistics of a block hold a NaN or an infinity. To cure it: lower the "
        "learning rate of this point, or look for the step that overflows");
  }
  const at::Tensor diagonal = matrix.diagonal();
  if (matrix.equal(at::diag(diagonal))) return at::diag((diagonal + epsilon).pow(-exponent));
  try {
    return root_from(decompose(matrix), exponent, epsilon);
  } catch (const c10::LinAlgError&) {
  }
  try {
    return root_from(decompose(matrix.to(at::kDouble)), exponent, epsilon).to(matrix.scalar_type());
  } catch (const c10::LinAlgError&) {
    return std::nullopt;
  }
}

}  // namespace timetrial
