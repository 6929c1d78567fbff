#pragma once

// NAdamW with a cautious mask (Liang et al., Cautious Optimizers: Improving Training with One Line of Code,
// 2024) for one element. m and v are the moments, t the number of this update, n the elements of the tensor:
//   m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;  u = beta1 m + (1 - beta1) g
//   mask = 1 where u g > 0, else 0;  scale = 1 / max(sum(mask) / n, 0.001)
//   p <- p (1 - rate * weight_decay)
//        - rate / (1 - beta1^t) * u * mask * scale / (sqrt(v / (1 - beta2^t)) + epsilon)

#include "timetrial/adam.h"

namespace timetrial {

struct CautiousNadamw : AdamSettings {
  static constexpr const char* kStateNames[] = {"first_moments", "second_moments"};

  explicit CautiousNadamw(const Initialization& initialization) : AdamSettings(read(initialization)) {}

  template <typename Real>
  class MaskedUpdate {
   public:
    static constexpr int kStates = 2;

    TIMETRIAL_HOST_DEVICE MaskedUpdate(const AdamElement<Real>& adam, Real step_size)
        : adam_(adam), step_size_(step_size) {}

    TIMETRIAL_HOST_DEVICE static Real mask(Real look_ahead, Real gradient) {
      return look_ahead * gradient > 0 ? Real(1) : Real(0);
    }

    // The moments were updated when the mask was measured.
    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& m, Real& v) const {
      const Real look_ahead = adam_.look_ahead(gradient, m);
      const Real masked = look_ahead * mask(look_ahead, gradient);
      parameter = parameter * adam_.weight_factor - step_size_ * (masked / adam_.denominator(v));
    }

   private:
    AdamElement<Real> adam_;
    Real step_size_;
  };

  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 2;
    static constexpr int kSums = 1;  // of the mask
    static constexpr bool kMeasuresParameter = false;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars) : adam_(scalars) {}

    TIMETRIAL_HOST_DEVICE void measure(Real /*parameter*/, Real gradient, Real& m, Real& v,
                                       Real (&terms)[kSums]) const {
      adam_.update_moments(gradient, m, v);
      terms[0] = MaskedUpdate<Real>::mask(adam_.look_ahead(gradient, m), gradient);
    }

    TIMETRIAL_HOST_DEVICE MaskedUpdate<Real> for_tensor(const double* sums, double elements) const {
      constexpr double kSmallestShare = 1e-3;
      const double share = sums[0] / elements;
      const double scale = 1 / (share > kSmallestShare ? share : kSmallestShare);
      return MaskedUpdate<Real>(adam_, adam_.step_size * static_cast<Real>(scale));
    }

   private:
    AdamElement<Real> adam_;
  };
};

}  // namespace timetrial
