#pragma once

// AdamW for one element. m and v are the first and second moments, t the number of this update:
//   p <- p (1 - rate * weight_decay);  m <- m + (1 - beta1) (g - m);  v <- beta2 v + (1 - beta2) g^2
//   p <- p - rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)     (Loshchilov & Hutter,
//   algorithm 2)

#include <cmath>

#include "scalars.h"

namespace timetrial {

template <typename Real>
class AdamwRule {
 public:
  static constexpr int kStates = 2;

  explicit AdamwRule(const double* scalars)
      : overflow_(scalars[kScalarOverflow] != 0),
        weight_factor_(static_cast<Real>(scalars[kScalarWeightFactor])),
        clip_factor_(static_cast<Real>(scalars[kScalarClipFactor])),
        one_minus_beta1_(static_cast<Real>(1 - scalars[kScalarBeta1])),
        beta2_(static_cast<Real>(scalars[kScalarBeta2])),
        one_minus_beta2_(static_cast<Real>(1 - scalars[kScalarBeta2])),
        step_size_(static_cast<Real>(scalars[kScalarStepSize])),
        denominator_scale_(static_cast<Real>(scalars[kScalarDenominatorScale])),
        epsilon_(static_cast<Real>(scalars[kScalarEpsilon])) {}

  // A void step keeps the old values; a mask times NaN would still be NaN.
  bool skip() const { return overflow_; }

  void operator()(Real& parameter, Real gradient, Real& first_moment, Real& second_moment) const {
    const Real clipped = gradient * clip_factor_;
    const Real first = first_moment + one_minus_beta1_ * (clipped - first_moment);
    const Real second = beta2_ * second_moment + one_minus_beta2_ * clipped * clipped;
    const Real denominator = std::sqrt(second) * denominator_scale_ + epsilon_;
    first_moment = first;
    second_moment = second;
    parameter = parameter * weight_factor_ - step_size_ * (first / denominator);
  }

 private:
  bool overflow_;
  Real weight_factor_, clip_factor_, one_minus_beta1_, beta2_, one_minus_beta2_, step_size_,
      denominator_scale_, epsilon_;
};

}  // namespace timetrial
