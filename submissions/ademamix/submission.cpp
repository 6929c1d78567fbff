// AdEMAMix with linear warm-up and cosine decay.

#include "ademamix.h"
#include "timetrial/checked_hyperparameters.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {
namespace {

constexpr AdamDefaults kDefaults = {.learning_rate = 2e-3,
                                    .one_minus_beta1 = 0.2,
                                    .beta2 = 0.995,
                                    .weight_decay = 0.1,
                                    .warmup_factor = 0.02};

constexpr double kPublishedSlowWarmup = 500000;

}  // namespace

Ademamix::Ademamix(const Initialization& initialization) : AdamSettings(read(initialization, kDefaults)) {
  const Hyperparameters& hyperparameters = initialization.hyperparameters;
  slow.alpha = not_negative(hyperparameters, "alpha", 8);
  slow.beta3 = decay_rate(hyperparameters, "beta3", 0.9995);
  slow.warmup_steps =
      static_cast<int64_t>(not_negative(hyperparameters, "slow_warmup_steps", kPublishedSlowWarmup));
}

using AdemamixSubmission = ElementwiseSubmission<Ademamix>;
TIMETRIAL_SUBMISSION(AdemamixSubmission)

}  // namespace timetrial
