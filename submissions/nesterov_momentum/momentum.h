#pragma once

// Stochastic gradient descent with momentum for one element, weight decay coupled to the gradient. b is the
// trace of gradients, mu the momentum:
//   g <- g + weight_decay p;  b <- mu b + g
//   heavy ball (Polyak, 1964):                p <- p - rate b
//   Nesterov (Sutskever et al., 2013):        p <- p - rate (g + mu b)

#include "timetrial/host_device.h"
#include "timetrial/learning_rate_schedule.h"

namespace timetrial {

struct Initialization;

// Warm-up and linear decay; the rate has no default, as it does not carry over between workloads.
struct MomentumSettings {
  enum Scalar : int { kRate, kMomentum, kWeightDecay, kScalars };

  static MomentumSettings read(const Initialization& initialization);

  TIMETRIAL_HOST_DEVICE void scalars(int64_t step, double* out) const {
    out[kRate] = schedule.at(step);
    out[kMomentum] = momentum;
    out[kWeightDecay] = weight_decay;
  }

  WarmupLinearDecay schedule;
  double momentum = 0;
  double weight_decay = 0;
};

enum class MomentumKind { heavy_ball, nesterov };

template <MomentumKind kind>
struct Momentum : MomentumSettings {
  static constexpr const char* kStateNames[] = {"traces"};

  explicit Momentum(const Initialization& initialization) : MomentumSettings(read(initialization)) {}

  template <typename Real>
  class Rule {
   public:
    static constexpr int kStates = 1;

    TIMETRIAL_HOST_DEVICE explicit Rule(const double* scalars)
        : rate_(static_cast<Real>(scalars[kRate])),
          momentum_(static_cast<Real>(scalars[kMomentum])),
          weight_decay_(static_cast<Real>(scalars[kWeightDecay])) {}

    TIMETRIAL_HOST_DEVICE void operator()(Real& parameter, Real gradient, Real& trace) const {
      const Real decayed = gradient + weight_decay_ * parameter;
      trace = momentum_ * trace + decayed;
      if constexpr (kind == MomentumKind::nesterov) {
        parameter -= rate_ * (decayed + momentum_ * trace);
      } else {
        parameter -= rate_ * trace;
      }
    }

   private:
    Real rate_, momentum_, weight_decay_;
  };
};

}  // namespace timetrial
