#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// The float64 CPU tensors of every rank, by rank; their number and shapes may differ. To be called by every
// rank (timetrial/ranks.h).
std::vector<std::vector<at::Tensor>> gathered_tensors(const std::vector<at::Tensor>& own);

}  // namespace timetrial
