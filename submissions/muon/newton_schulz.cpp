#include "newton_schulz.h"

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr int kSteps = 5;
// X <- a X + b (X X') X + c (X X')^2 X
constexpr double kA = 3.4445;
constexpr double kB = -4.7750;
constexpr double kC = 2.0315;
// Keeps the norm of a matrix of zeros away from zero.
constexpr double kNormEpsilon = 1e-7;

}  // namespace

at::ScalarType newton_schulz_dtype(const at::Tensor& matrix) {
  if (matrix.scalar_type() == at::kDouble) return at::kDouble;
  return matrix.is_cuda() ? at::kBFloat16 : at::kFloat;
}

at::Tensor orthogonalized(const at::Tensor& matrix) {
  at::Tensor x = matrix.to(newton_schulz_dtype(matrix));
  x = x / (x.norm() + kNormEpsilon);
  // The Gram matrix of the shorter side is the cheaper one.
  const bool tall = x.size(0) > x.size(1);
  if (tall) x = x.t();
  for (int step = 0; step < kSteps; ++step) {
    const at::Tensor gram = at::mm(x, x.t());
    const at::Tensor polynomial = at::addmm(gram, gram, gram, kB, kC);
    x = at::addmm(x, polynomial, x, kA);
  }
  return tall ? x.t() : x;
}

}  // namespace timetrial
