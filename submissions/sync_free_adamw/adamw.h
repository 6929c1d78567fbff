#pragma once

// AdamW for one element (Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019, algorithm 2). m
// and v are the moments, t the number of this update:
//   m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2
//   p <- p (1 - rate * weight_decay) - rate / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon)

#include "timetrial/adam.h"

namespace timetrial {

struct Adamw : AdamSettings {
  static constexpr const char* kStateNames[] = {"first_moments", "second_moments"};

  explicit Adamw(const Initialization& initialization) : AdamSettings(read(initialization)) {}

  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 2;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars) : adam_(scalars) {}

    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& m, Real& v) const {
      adam_.update_moments(gradient, m, v);
      parameter = parameter * adam_.weight_factor - adam_.step_size * (m / adam_.denominator(v));
    }

   private:
    AdamElement<Real> adam_;
  };
};

}  // namespace timetrial
