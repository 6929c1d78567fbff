#pragma once

// NAdamW for one element, as in AlgoPerf's PyTorch baseline: AdamW with Nesterov's look-ahead in place of the
// first moment (Dozat, Incorporating Nesterov Momentum into Adam, 2016). m and v are the moments, t the
// number of this update:
//   m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;  u = beta1 m + (1 - beta1) g
//   p <- p (1 - rate * weight_decay) - rate / (1 - beta1^t) * u / (sqrt(v / (1 - beta2^t)) + epsilon)

#include "timetrial/adam.h"

namespace timetrial {

struct Nadamw : AdamSettings {
  static constexpr const char* kStateNames[] = {"first_moments", "second_moments"};

  explicit Nadamw(const Initialization& initialization) : AdamSettings(read(initialization)) {}

  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 2;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars) : adam_(scalars) {}

    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& m, Real& v) const {
      adam_.update_moments(gradient, m, v);
      const Real direction = adam_.look_ahead(gradient, m) / adam_.denominator(v);
      parameter = parameter * adam_.weight_factor - adam_.step_size * direction;
    }

   private:
    AdamElement<Real> adam_;
  };
};

}  // namespace timetrial
