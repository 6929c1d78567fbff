#include "momentum.h"

#include "timetrial/checked_hyperparameters.h"
#include "timetrial/submission.h"

namespace timetrial {

MomentumSettings MomentumSettings::read(const Initialization& initialization) {
  const Hyperparameters& hyperparameters = initialization.hyperparameters;
  MomentumSettings settings;
  settings.schedule = WarmupLinearDecay::over(
      initialization.step_hint, not_negative(hyperparameters, "learning_rate"),
      hyperparameters.number_or("warmup_factor", 0.05), hyperparameters.number_or("decay_steps_factor", 0.9),
      hyperparameters.number_or("end_factor", 1e-3));
  settings.momentum = decay_rate_from_complement(hyperparameters, "one_minus_beta1");
  settings.weight_decay = not_negative(hyperparameters, "weight_decay", 0);
  return settings;
}

}  // namespace timetrial
