#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// The best piece of every frame, runs of one piece taken once, blanks (0) left out; padded frames are blank.
// logits [batch, frames, pieces] on any device, paddings [batch, frames] -> pieces of every example.
std::vector<std::vector<int32_t>> greedy_decoding(const at::Tensor& logits, const at::Tensor& paddings);

}  // namespace timetrial
