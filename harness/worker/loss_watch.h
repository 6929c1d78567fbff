#pragma once

// Follows the training loss without ever waiting for the device (rules.md, "Divergence"): a trial has
// diverged when kDivergenceLimit reported losses in a row were not finite. Single overflows, which a loss
// scaler skips, do not count.

#include <cstdint>
#include <deque>

#include <ATen/core/Tensor.h>

namespace timetrial {

inline constexpr int64_t kDivergenceLimit = 100;

class LossWatch {
 public:
  LossWatch();

  // `loss`: one value, any device. On CPU it is looked at now; elsewhere it is kept until settle().
  void report(const at::Tensor& loss);

  // On a drained device: looks at the losses kept so far.
  void settle();

  bool diverged() const { return consecutive_non_finite_ >= kDivergenceLimit; }
  double last_loss() const {
    return last_loss_;
  }  // NaN when none was reported; as of the last settle() off CPU
  int64_t consecutive_non_finite() const { return consecutive_non_finite_; }
  void restore(int64_t consecutive_non_finite) { consecutive_non_finite_ = consecutive_non_finite; }

 private:
  void count(double loss);

  std::deque<at::Tensor> pending_;
  int64_t consecutive_non_finite_ = 0;
  double last_loss_;
};

}  // namespace timetrial
