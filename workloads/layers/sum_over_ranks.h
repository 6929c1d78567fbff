#pragma once

#include <ATen/core/Tensor.h>

namespace timetrial {

// The sum of `values` over the ranks of the trial (timetrial/ranks.h), differentiable: every rank's loss
// counts, so the gradient is the sum of the ranks' gradients. To be called by every rank. With one rank:
// `values`.
at::Tensor sum_over_ranks(const at::Tensor& values);

}  // namespace timetrial
