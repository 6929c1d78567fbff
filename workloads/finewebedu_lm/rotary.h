#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Rotary position embedding (Su et al. 2021) of adjacent pairs: at position p the pair (2i, 2i + 1) of a head
// is turned by p * base^(-2i / head size).
struct RotaryTable {
  at::Tensor
      cosine;  // [positions, head size / 2], float32 whatever the model's type, as the reference has it
  at::Tensor sine;
};

RotaryTable rotary_table(int64_t positions, int64_t head_size, double base, at::Device device);

// heads [batch, tokens, heads, head size], tokens from position 0 on. Computed in float32, float64 included,
// and returned in the type of `heads`.
at::Tensor rotate(const at::Tensor& heads, const RotaryTable& table);

}  // namespace timetrial
