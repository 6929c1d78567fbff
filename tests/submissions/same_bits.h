#pragma once

#include <cstring>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Bit for bit, so that NaN equals NaN and 0 differs from -0.
inline bool same_bits(const at::Tensor& left, const at::Tensor& right) {
  const at::Tensor a = left.detach().contiguous();
  const at::Tensor b = right.detach().contiguous();
  return a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type() &&
         std::memcmp(a.const_data_ptr(), b.const_data_ptr(), a.nbytes()) == 0;
}

}  // namespace timetrial
