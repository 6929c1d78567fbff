#pragma once

// LAMB for one element (You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 minutes,
// 2020, algorithm 2). m and v are the moments, t the number of this update; norms are over the tensor:
//   m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2
//   r = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay p
//   p <- p - rate (|p| / |r|) r, with 1 for the ratio when a norm is 0

#include "timetrial/adam.h"

namespace timetrial {

struct Lamb : AdamSettings {
  static constexpr const char* kStateNames[] = {"first_moments", "second_moments"};
  enum Scalar : int {
    kRate = AdamSettings::kScalars,
    kMomentScale,  // 1 / (1 - beta1^t)
    kWeightDecay,
    kScalars,
  };

  explicit Lamb(const Initialization& initialization) : AdamSettings(read(initialization)) {}

  TIMETRIAL_HOST_DEVICE void scalars(int64_t step, double* out) const {
    AdamSettings::scalars(step, out);
    out[kRate] = schedule.at(step);
    out[kMomentScale] = 1 / bias_correction(beta1, step);
    out[kWeightDecay] = weight_decay;
  }

  // r of one element.
  template <typename Real>
  class Direction {
   public:
    TIMETRIAL_HOST_DEVICE explicit Direction(const double* scalars)
        : adam_(scalars),
          moment_scale_(static_cast<Real>(scalars[kMomentScale])),
          weight_decay_(static_cast<Real>(scalars[kWeightDecay])) {}

    TIMETRIAL_HOST_DEVICE const AdamElement<Real>& adam() const { return adam_; }

    TIMETRIAL_HOST_DEVICE Real of(Real parameter, Real m, Real v) const {
      return m * moment_scale_ / adam_.denominator(v) + weight_decay_ * parameter;
    }

   private:
    AdamElement<Real> adam_;
    Real moment_scale_, weight_decay_;
  };

  template <typename Real>
  class ScaledUpdate {
   public:
    static constexpr int kStates = 2;
    static constexpr bool kReadsGradient = false;

    TIMETRIAL_HOST_DEVICE ScaledUpdate(const Direction<Real>& direction, Real rate)
        : direction_(direction), rate_(rate) {}

    // The moments were updated when the norms were measured.
    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real /*gradient*/, Real& m, Real& v) const {
      parameter -= rate_ * direction_.of(parameter, m, v);
    }

   private:
    Direction<Real> direction_;
    Real rate_;
  };

  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 2;
    static constexpr int kSums = 2;  // of squares: parameter, direction

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars) : direction_(scalars), rate_(scalars[kRate]) {}

    TIMETRIAL_HOST_DEVICE void measure(Real parameter, Real gradient, Real& m, Real& v,
                                       Real (&terms)[kSums]) const {
      direction_.adam().update_moments(gradient, m, v);
      const Real direction = direction_.of(parameter, m, v);
      terms[0] = parameter * parameter;
      terms[1] = direction * direction;
    }

    TIMETRIAL_HOST_DEVICE ScaledUpdate<Real> for_tensor(const double* sums, double /*elements*/) const {
      const bool has_norms = sums[0] != 0 && sums[1] != 0;  // NaN counts: it must reach the parameters
      const double trust = has_norms ? std::sqrt(sums[0] / sums[1]) : 1.0;
      return ScaledUpdate<Real>(direction_, static_cast<Real>(rate_ * trust));
    }

   private:
    Direction<Real> direction_;
    double rate_;
  };
};

}  // namespace timetrial
