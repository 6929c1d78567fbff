#include "settings.h"

namespace timetrial {

AdamwSettings read_settings(const Hyperparameters& hyperparameters, int64_t step_hint) {
  AdamwSettings settings;
  settings.schedule =
      WarmupCosine::over(step_hint, hyperparameters.number_or("learning_rate", 0.0017486387539278373),
                         hyperparameters.number_or("warmup_factor", 0.02));
  settings.beta1 = 1 - hyperparameters.number_or("one_minus_beta1", 0.06733926164);
  settings.beta2 = hyperparameters.number_or("beta2", 0.9955159689799007);
  settings.weight_decay = hyperparameters.number_or("weight_decay", 0.08121616522670176);
  settings.epsilon = hyperparameters.number_or("epsilon", 1e-8);
  settings.grad_clip = hyperparameters.number_or("grad_clip", 0);
  return settings;
}

}  // namespace timetrial
