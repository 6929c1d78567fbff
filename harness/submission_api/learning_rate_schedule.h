#pragma once

// Learning rates as pure functions of the step, by AlgoPerf's rules. `step` is 0-based: the number of updates
// made before the one that uses the rate. Everything is double; nothing allocates or throws in the functions
// of the step, which run on a GPU too.

#include <cmath>
#include <cstdint>
#include <numbers>

#include "timetrial/host_device.h"

namespace timetrial {

// First rate of WarmupCosine as a fraction of its peak.
inline constexpr double kWarmupStartFactor = 1e-10;

// `step` of `length` steps, as a fraction.
TIMETRIAL_HOST_DEVICE inline double schedule_progress(int64_t step, int64_t length) {
  return static_cast<double>(step) / static_cast<double>(length);
}

// Beyond the last step of a cosine schedule: AlgoPerf's JAX code keeps the rate at 0; its PyTorch code lets
// the cosine rise again with period 2 * decay_steps. The two disagree only where a trial's budget outlasts
// the schedule. Zero is the default, because the rise is a side effect of a scheduler that expects no more
// steps, and it throws away a model that has finished training.
enum class AfterCosine { stay_at_zero, rise_again };

// Linear warm-up from 1e-10 * peak to peak, then half a cosine down to 0 (LinearLR followed by
// CosineAnnealingLR).
struct WarmupCosine {
  double peak = 0;
  int64_t warmup_steps = 0;
  int64_t decay_steps = 1;  // at least 1
  AfterCosine after = AfterCosine::stay_at_zero;

  // Warm-up over the first int(warmup_factor * step_hint) steps, decay over the rest. Throws UserError for a
  // factor outside [0, 1].
  static WarmupCosine over(int64_t step_hint, double peak, double warmup_factor);

  TIMETRIAL_HOST_DEVICE double at(int64_t step) const {
    if (step < warmup_steps) {
      return peak * (kWarmupStartFactor + (1 - kWarmupStartFactor) * schedule_progress(step, warmup_steps));
    }
    double fraction = schedule_progress(step - warmup_steps, decay_steps);
    if (after == AfterCosine::stay_at_zero && fraction > 1) fraction = 1;
    return 0.5 * peak * (1 + std::cos(std::numbers::pi * fraction));
  }
};

// Linear warm-up from 0 to peak, linear decay to peak * end_factor, constant afterwards (AlgoPerf's momentum
// baselines).
struct WarmupLinearDecay {
  double peak = 0;
  int64_t warmup_steps = 0;
  int64_t decay_steps = 1;  // at least 1
  double end_factor = 0;

  // Decay over int((step_hint - warm-up) * decay_steps_factor) steps. Throws UserError for a factor outside
  // [0, 1].
  static WarmupLinearDecay over(int64_t step_hint, double peak, double warmup_factor,
                                double decay_steps_factor, double end_factor);

  TIMETRIAL_HOST_DEVICE double at(int64_t step) const {
    if (step < warmup_steps) return peak * schedule_progress(step, warmup_steps);
    const double fraction = schedule_progress(step - warmup_steps, decay_steps);
    return peak * (1 + (end_factor - 1) * (fraction > 1 ? 1 : fraction));
  }
};

}  // namespace timetrial
