#pragma once

// The nearest matrix with orthonormal rows or columns, roughly: G = U S V' goes to about U V' (Jordan et al.,
// Muon: An optimizer for hidden layers in neural networks, 2024). Five steps of a quintic iteration whose
// coefficients push every singular value towards 1 as fast as they can and leave it between about 0.7
// and 1.2.

#include <ATen/core/Tensor.h>

namespace timetrial {

// What the iteration computes in: bfloat16 on a GPU, where its matrix products are fastest and its errors
// drown in those of the iteration; float32 on a CPU; float64 for matrices of float64.
at::ScalarType newton_schulz_dtype(const at::Tensor& matrix);

// matrix: [rows, columns]. Returns a new matrix of its shape in newton_schulz_dtype. A matrix of zeros stays
// zero.
at::Tensor orthogonalized(const at::Tensor& matrix);

}  // namespace timetrial
