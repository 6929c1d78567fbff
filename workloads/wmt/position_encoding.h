#pragma once

#include <cstdint>

#include <torch/nn/module.h>

namespace timetrial {

// Fixed positions, buffer "pe" [1, longest, width]: sin of the position times frequencies that fall from 1 to
// 1/10000 in the first half of the width, cos in the second. Computed in float32 as the reference has them
// and widened from there.
class PositionEncoding : public torch::nn::Module {
 public:
  PositionEncoding(int64_t longest, int64_t width, const at::TensorOptions& options);

  // Of the first tokens of every row: [1, length, width]. Throws std::logic_error beyond the longest.
  at::Tensor first(int64_t length) const;
  at::Tensor at(const at::Tensor& positions) const;  // [batch, length] -> [batch, length, width]

 private:
  at::Tensor table_;
};

}  // namespace timetrial
