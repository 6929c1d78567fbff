#pragma once

// What the optimizers of Adam's family share (Kingma and Ba, Adam: A Method for Stochastic Optimization,
// 2015; Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019): their hyperparameters, the
// scalars of a step and the moments of one element. Free of LibTorch.

#include <cmath>
#include <cstdint>

#include "timetrial/host_device.h"
#include "timetrial/learning_rate_schedule.h"

namespace timetrial {

struct Initialization;

// Values for names that the point leaves out: the fifth point of AlgoPerf's NAdamW baseline.
struct AdamDefaults {
  double learning_rate = 0.0017486387539278373;
  double one_minus_beta1 = 0.06733926164;
  double beta2 = 0.9955159689799007;
  double weight_decay = 0.08121616522670176;
  double warmup_factor = 0.02;
};

struct AdamSettings {
  // Places of the scalars that every rule of the family needs.
  enum Scalar : int {
    kWeightFactor,  // 1 - rate * weight decay
    kOneMinusBeta1,
    kBeta2,
    kOneMinusBeta2,
    kStepSize,          // rate / (1 - beta1^t)
    kDenominatorScale,  // 1 / sqrt(1 - beta2^t)
    kEpsilon,
    kScalars,
  };

  WarmupCosine schedule;
  double beta1 = 0;
  double beta2 = 0;
  double weight_decay = 0;
  double epsilon = 0;

  // learning_rate, warmup_factor, one_minus_beta1, beta2, weight_decay, epsilon (1e-8). Throws UserError for
  // values outside their range.
  static AdamSettings read(const Initialization& initialization, const AdamDefaults& defaults = {});

  // For the update with 0-based number `step`; t = step + 1.
  TIMETRIAL_HOST_DEVICE void scalars(int64_t step, double* out) const {
    const double rate = schedule.at(step);
    out[kWeightFactor] = 1 - rate * weight_decay;
    out[kOneMinusBeta1] = 1 - beta1;
    out[kBeta2] = beta2;
    out[kOneMinusBeta2] = 1 - beta2;
    out[kStepSize] = rate / bias_correction(beta1, step);
    out[kDenominatorScale] = 1 / std::sqrt(bias_correction(beta2, step));
    out[kEpsilon] = epsilon;
  }

  // 1 - beta^t: the weight that a moving average started at zero has given to gradients.
  TIMETRIAL_HOST_DEVICE static double bias_correction(double beta, int64_t step) {
    return 1 - std::pow(beta, static_cast<double>(step + 1));
  }
};

// One element's arithmetic in the precision of its tensor. m and v: first and second moment.
template <typename Real>
struct AdamElement {
  TIMETRIAL_HOST_DEVICE explicit AdamElement(const double* scalars)
      : weight_factor(static_cast<Real>(scalars[AdamSettings::kWeightFactor])),
        one_minus_beta1(static_cast<Real>(scalars[AdamSettings::kOneMinusBeta1])),
        beta2(static_cast<Real>(scalars[AdamSettings::kBeta2])),
        one_minus_beta2(static_cast<Real>(scalars[AdamSettings::kOneMinusBeta2])),
        step_size(static_cast<Real>(scalars[AdamSettings::kStepSize])),
        denominator_scale(static_cast<Real>(scalars[AdamSettings::kDenominatorScale])),
        epsilon(static_cast<Real>(scalars[AdamSettings::kEpsilon])) {}

  TIMETRIAL_HOST_DEVICE void update_moments(Real gradient, Real& m, Real& v) const {
    m = m + one_minus_beta1 * (gradient - m);
    v = beta2 * v + one_minus_beta2 * gradient * gradient;
  }

  // sqrt(v / (1 - beta2^t)) + epsilon
  TIMETRIAL_HOST_DEVICE Real denominator(Real v) const { return std::sqrt(v) * denominator_scale + epsilon; }

  // Nesterov's look-ahead in place of m: where the first moment would be after the same gradient once more.
  TIMETRIAL_HOST_DEVICE Real look_ahead(Real gradient, Real m) const {
    return m + one_minus_beta1 * (gradient - m);
  }

  Real weight_factor, one_minus_beta1, beta2, one_minus_beta2, step_size, denominator_scale, epsilon;
};

}  // namespace timetrial
