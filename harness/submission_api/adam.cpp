#include "timetrial/adam.h"

#include "timetrial/checked_hyperparameters.h"
#include "timetrial/submission.h"

namespace timetrial {

AdamSettings AdamSettings::read(const Initialization& initialization, const AdamDefaults& defaults) {
  const Hyperparameters& hyperparameters = initialization.hyperparameters;
  AdamSettings settings;
  settings.schedule = WarmupCosine::over(
      initialization.step_hint, not_negative(hyperparameters, "learning_rate", defaults.learning_rate),
      hyperparameters.number_or("warmup_factor", defaults.warmup_factor));
  settings.beta1 = decay_rate_from_complement(hyperparameters, "one_minus_beta1", defaults.one_minus_beta1);
  settings.beta2 = decay_rate(hyperparameters, "beta2", defaults.beta2);
  settings.weight_decay = not_negative(hyperparameters, "weight_decay", defaults.weight_decay);
  settings.epsilon = not_negative(hyperparameters, "epsilon", 1e-8);
  return settings;
}

}  // namespace timetrial
