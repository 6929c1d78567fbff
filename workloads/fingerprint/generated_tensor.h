#pragma once

// Tensors filled by the generator, element i by its flat row-major index, on the CPU.

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace timetrial {

// float32 in [-1, 1), computed in double and rounded once.
at::Tensor uniform_tensor(uint32_t seed, at::IntArrayRef shape);

// int64 in [0, modulus).
at::Tensor hash_tensor(uint32_t seed, at::IntArrayRef shape, uint32_t modulus);

// Weights of a batch of `examples`: ones, but for the last, which counts as padding. float32 [examples].
at::Tensor weights_without_last(int64_t examples);

}  // namespace timetrial
