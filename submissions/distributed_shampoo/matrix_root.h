#pragma once

#include <functional>
#include <optional>
#include <tuple>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Eigenvalues, ascending, and eigenvectors as columns. Throws c10::LinAlgError when it finds none.
using SymmetricEigensolver = std::function<std::tuple<at::Tensor, at::Tensor>(const at::Tensor&)>;

// LibTorch's.
std::tuple<at::Tensor, at::Tensor> decompose_symmetric(const at::Tensor& matrix);

// (matrix + epsilon)^(-exponent) of a symmetric positive semi-definite matrix, in its dtype. Rounding makes
// eigenvalues negative: all are raised until none is. A diagonal matrix is not decomposed. A decomposition
// that fails is tried again in float64; none is returned when that fails too. Throws std::runtime_error for
// entries that are not finite. Waits for the device: made once in many steps.
std::optional<at::Tensor> inverse_root(const at::Tensor& matrix, double exponent, double epsilon,
                                       const SymmetricEigensolver& decompose = decompose_symmetric);

}  // namespace timetrial
