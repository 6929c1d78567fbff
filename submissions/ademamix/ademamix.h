#pragma once

// AdEMAMix for one element (Pagliardini et al., The AdEMAMix Optimizer: Better, Faster, Older, 2024). m1 and
// m2 are the fast and the slow average of gradients, v the second moment, t the number of this update:
//   m1 <- beta1 m1 + (1 - beta1) g;  m2 <- beta3_t m2 + (1 - beta3_t) g;  v <- beta2 v + (1 - beta2) g^2
//   p <- p (1 - rate * weight_decay)
//        - rate (m1 / (1 - beta1^t) + alpha_t m2) / (sqrt(v / (1 - beta2^t)) + epsilon)

#include "timetrial/adam.h"
#include "timetrial/step_defaults.h"

namespace timetrial {

// How the slow average comes in: over `warmup_steps` steps alpha rises linearly from 0, and the number of
// steps after which the average has forgotten half of what it knew rises linearly from that of beta1.
struct SlowAverage {
  double alpha = 0;
  double beta3 = 0;
  int64_t warmup_steps = 0;  // 0: full from the start

  // t counts from 1.
  TIMETRIAL_HOST_DEVICE double alpha_at(int64_t t) const { return alpha * warmed_up(t); }

  TIMETRIAL_HOST_DEVICE double beta3_at(int64_t t, double beta1) const {
    const double share = warmed_up(t);
    if (share >= 1) return beta3;
    const double half_life = (1 - share) * half_life_of(beta1) + share * half_life_of(beta3);
    return std::pow(0.5, 1 / (half_life + 1));
  }

 private:
  TIMETRIAL_HOST_DEVICE double warmed_up(int64_t t) const {
    return t < warmup_steps ? schedule_progress(t, warmup_steps) : 1.0;
  }

  // Steps after which a decay rate has halved a value, less one. The offset keeps beta = 0 finite.
  TIMETRIAL_HOST_DEVICE static double half_life_of(double beta) {
    return std::log(0.5) / std::log(beta + 1e-8) - 1;
  }
};

struct Ademamix : AdamSettings {
  static constexpr const char* kStateNames[] = {"fast_moments", "slow_moments", "second_moments"};
  enum Scalar : int {
    kSlowStepSize = AdamSettings::kScalars,  // rate * alpha
    kOneMinusBeta3,
    kScalars,
  };

  static constexpr StepDefaults kStepDefaults = {.grad_clip = 0.5};

  explicit Ademamix(const Initialization& initialization);

  TIMETRIAL_HOST_DEVICE void scalars(int64_t step, double* out) const {
    AdamSettings::scalars(step, out);
    out[kSlowStepSize] = schedule.at(step) * slow.alpha_at(step + 1);
    out[kOneMinusBeta3] = 1 - slow.beta3_at(step + 1, beta1);
  }

  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 3;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars)
        : adam_(scalars),
          slow_step_size_(static_cast<Real>(scalars[kSlowStepSize])),
          one_minus_beta3_(static_cast<Real>(scalars[kOneMinusBeta3])) {}

    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& fast, Real& slow_average,
                                          Real& v) const {
      adam_.update_moments(gradient, fast, v);
      slow_average = slow_average + one_minus_beta3_ * (gradient - slow_average);
      const Real step = adam_.step_size * fast + slow_step_size_ * slow_average;
      parameter = parameter * adam_.weight_factor - step / adam_.denominator(v);
    }

   private:
    AdamElement<Real> adam_;
    Real slow_step_size_, one_minus_beta3_;
  };

  SlowAverage slow;
};

}  // namespace timetrial
