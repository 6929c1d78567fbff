#include "harness/worker/loss_watch.h"

#include <cmath>
#include <limits>
#include <vector>

#include <ATen/ATen.h>

namespace timetrial {

LossWatch::LossWatch() : last_loss_(std::numeric_limits<double>::quiet_NaN()) {}

void LossWatch::report(const at::Tensor& loss) {
  if (!loss.is_cpu()) {
    pending_.push_back(loss.detach());
    // Enough to tell whether the limit was reached at the end of the run of losses.
    if (pending_.size() > static_cast<size_t>(kDivergenceLimit)) pending_.pop_front();
  } else if (loss.scalar_type() == at::kFloat) {
    count(static_cast<double>(*loss.const_data_ptr<float>()));
  } else {
    count(loss.item<double>());
  }
}

void LossWatch::settle() {
  if (pending_.empty()) return;
  const std::vector<at::Tensor> losses(pending_.begin(), pending_.end());
  const at::Tensor values = at::stack(losses).to(at::kCPU, at::kDouble).contiguous().view({-1});
  for (int64_t i = 0; i < values.numel(); ++i) count(values.const_data_ptr<double>()[i]);
  pending_.clear();
}

void LossWatch::count(double loss) {
  last_loss_ = loss;
  consecutive_non_finite_ = std::isfinite(loss) ? 0 : consecutive_non_finite_ + 1;
}

}  // namespace timetrial
