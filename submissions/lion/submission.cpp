// Lion with linear warm-up and cosine decay.

#include "lion.h"
#include "timetrial/checked_hyperparameters.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

Lion::Lion(const Initialization& initialization) {
  const Hyperparameters& hyperparameters = initialization.hyperparameters;
  schedule =
      WarmupCosine::over(initialization.step_hint, not_negative(hyperparameters, "learning_rate", 2e-4),
                         hyperparameters.number_or("warmup_factor", 0.02));
  beta1 = decay_rate_from_complement(hyperparameters, "one_minus_beta1", 0.05);
  beta2 = decay_rate(hyperparameters, "beta2", 0.98);
  weight_decay = not_negative(hyperparameters, "weight_decay", 0.5);
}

using LionSubmission = ElementwiseSubmission<Lion>;
TIMETRIAL_SUBMISSION(LionSubmission)

}  // namespace timetrial
