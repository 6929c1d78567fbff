#pragma once

// The values a fingerprint gives to parameters, by their place, shape and name alone.

#include <cstdint>
#include <string>

#include <torch/nn/module.h>

namespace timetrial {

// matrix: two dimensions or more, sqrt(3 / fan) * U with fan = elements / rows;
// one: one dimension, name ends in "weight" (scales of norms), 1 + 0.1 U; zero: any other vector, 0.1 U;
// scalar: no dimension, 10 + U.
enum class FillKind { matrix, one, zero, scalar };

// With `scales_minus_one` (scales of norms are stored minus one) there is no `one`: every vector is a `zero`.
FillKind fill_kind_of(const std::string& name, const at::Tensor& parameter, bool scales_minus_one = false);
std::string to_string(FillKind kind);

// Parameter p of named_parameters() gets U(p, i), computed in double and rounded to float32 whatever its
// dtype. Buffers stay as they are.
void fill_parameters(torch::nn::Module& module, bool scales_minus_one = false);

}  // namespace timetrial
