#pragma once

// Schedule-free AdamW (Defazio et al., The Road Less Scheduled, 2024), in the second version of AlgoPerf's
// submission. Besides the average x, the point that is evaluated, there is a fast point z; gradients g are
// taken at y = x + (1 - beta1) (z - x). With t the number of this update, W the warm-up and v the second
// moment:
//   rate_t = rate min(1, t / W);  c_t = rate_t^2 / sum over s <= t of rate_s^2
//   a = rate_t sqrt(1 - beta2^t);  v <- beta2 v + (1 - beta2) g^2
//   z <- z - a weight_decay y - a g / (sqrt(v) + epsilon);  x <- x + c_t (z - x)

#include <cmath>
#include <cstdint>

#include "timetrial/adam.h"
#include "timetrial/host_device.h"
#include "timetrial/step_defaults.h"

namespace timetrial {

struct Initialization;

struct ScheduleFreeAdamw {
  static constexpr const char* kStateNames[] = {"fast_points", "second_moments"};
  static constexpr StepDefaults kStepDefaults = {.label_smoothing = 0.2};
  enum Scalar : int {
    kStepSize,       // a
    kDecay,          // a * weight decay
    kAverageWeight,  // c
    kToAverage,      // x = y + this * (z - y)
    kBeta2,
    kOneMinusBeta2,
    kEpsilon,
    kScalars,
  };

  explicit ScheduleFreeAdamw(const Initialization& initialization);

  TIMETRIAL_HOST_DEVICE void scalars(int64_t step, double* out) const {
    const auto t = static_cast<double>(step + 1);
    const double rate = t < warmup_steps ? learning_rate * t / warmup_steps : learning_rate;
    out[kStepSize] = rate * std::sqrt(AdamSettings::bias_correction(beta2, step));
    out[kDecay] = out[kStepSize] * weight_decay;
    out[kAverageWeight] = average_weight(t);
    out[kToAverage] = to_average();
    out[kBeta2] = beta2;
    out[kOneMinusBeta2] = 1 - beta2;
    out[kEpsilon] = epsilon;
  }

  TIMETRIAL_HOST_DEVICE double to_average() const { return 1 - 1 / beta1; }
  double to_gradient_point() const { return 1 - beta1; }  // y = x + this * (z - x)

  // On entry the parameter holds y, on return x.
  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 2;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars)
        : step_size_(static_cast<Real>(scalars[kStepSize])),
          decay_(static_cast<Real>(scalars[kDecay])),
          average_weight_(static_cast<Real>(scalars[kAverageWeight])),
          to_average_(static_cast<Real>(scalars[kToAverage])),
          beta2_(static_cast<Real>(scalars[kBeta2])),
          one_minus_beta2_(static_cast<Real>(scalars[kOneMinusBeta2])),
          epsilon_(static_cast<Real>(scalars[kEpsilon])) {}

    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& z, Real& v) const {
      const Real y = parameter;
      const Real x = y + to_average_ * (z - y);
      v = beta2_ * v + one_minus_beta2_ * gradient * gradient;
      z = z - decay_ * y - step_size_ * (gradient / (std::sqrt(v) + epsilon_));
      parameter = x + average_weight_ * (z - x);
    }

   private:
    Real step_size_, decay_, average_weight_, to_average_, beta2_, one_minus_beta2_, epsilon_;
  };

  double learning_rate = 0;
  double warmup_steps = 0;  // whole
  double beta1 = 0;
  double beta2 = 0;
  double weight_decay = 0;
  double epsilon = 0;

 private:
  // The sum of squared rates in closed form, as multiples of the full rate.
  TIMETRIAL_HOST_DEVICE double average_weight(double t) const {
    const double w = warmup_steps;
    if (t < w) return t * t / sum_of_squares(t);
    const double warming = w > 0 ? sum_of_squares(w) / (w * w) : 0.0;
    return 1 / (warming + (t - w));
  }

  // 1 + 4 + ... + n^2
  TIMETRIAL_HOST_DEVICE static double sum_of_squares(double n) { return n * (n + 1) * (2 * n + 1) / 6; }
};

// Moves a parameter towards its fast point by the share in scalars[0].
template <typename Real>
class MoveTowards {
 public:
  static constexpr int kStates = 1;
  static constexpr bool kReadsGradient = false;

  TIMETRIAL_HOST_DEVICE explicit MoveTowards(const double* scalars) : share_(static_cast<Real>(scalars[0])) {}

  TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real /*gradient*/, Real& z) const {
    parameter = parameter + share_ * (z - parameter);
  }

 private:
  Real share_;
};

}  // namespace timetrial
