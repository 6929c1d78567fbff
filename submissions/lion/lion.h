#pragma once

// Lion for one element (Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, algorithm 2). m is
// the momentum:
//   p <- p (1 - rate * weight_decay) - rate sign(beta1 m + (1 - beta1) g);  m <- beta2 m + (1 - beta2) g

#include "timetrial/host_device.h"
#include "timetrial/learning_rate_schedule.h"

namespace timetrial {

struct Initialization;

struct Lion {
  static constexpr const char* kStateNames[] = {"momenta"};
  enum Scalar : int { kRate, kWeightFactor, kBeta1, kOneMinusBeta1, kBeta2, kOneMinusBeta2, kScalars };

  explicit Lion(const Initialization& initialization);

  TIMETRIAL_HOST_DEVICE void scalars(int64_t step, double* out) const {
    const double rate = schedule.at(step);
    out[kRate] = rate;
    out[kWeightFactor] = 1 - rate * weight_decay;
    out[kBeta1] = beta1;
    out[kOneMinusBeta1] = 1 - beta1;
    out[kBeta2] = beta2;
    out[kOneMinusBeta2] = 1 - beta2;
  }

  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 1;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars)
        : rate_(static_cast<Real>(scalars[kRate])),
          weight_factor_(static_cast<Real>(scalars[kWeightFactor])),
          beta1_(static_cast<Real>(scalars[kBeta1])),
          one_minus_beta1_(static_cast<Real>(scalars[kOneMinusBeta1])),
          beta2_(static_cast<Real>(scalars[kBeta2])),
          one_minus_beta2_(static_cast<Real>(scalars[kOneMinusBeta2])) {}

    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& momentum) const {
      const Real blend = beta1_ * momentum + one_minus_beta1_ * gradient;
      momentum = beta2_ * momentum + one_minus_beta2_ * gradient;
      parameter = parameter * weight_factor_ - rate_ * sign(blend);
    }

   private:
    // NaN stays NaN: a broken gradient must not look like a parameter at rest.
    TIMETRIAL_HOST_DEVICE static Real sign(Real value) {
      const Real not_positive = value < 0 ? Real(-1) : value;
      return value > 0 ? Real(1) : not_positive;
    }

    Real rate_, weight_factor_, beta1_, one_minus_beta1_, beta2_, one_minus_beta2_;
  };

  WarmupCosine schedule;
  double beta1 = 0;
  double beta2 = 0;
  double weight_decay = 0;
};

}  // namespace timetrial
