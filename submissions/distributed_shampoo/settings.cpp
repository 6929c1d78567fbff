#include "settings.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include "timetrial/checked_hyperparameters.h"
#include "timetrial/submission.h"

namespace timetrial {
namespace {

int64_t at_least(const Hyperparameters& hyperparameters, const std::string& name, int64_t fallback,
                 int64_t least) {
  const int64_t value = hyperparameters.integer_or(name, fallback);
  require_hyperparameter(value >= least, name, static_cast<double>(value),
                         ("at least " + std::to_string(least)).c_str());
  return value;
}

double positive(const Hyperparameters& hyperparameters, const std::string& name, double fallback) {
  const double value = hyperparameters.number_or(name, fallback);
  require_hyperparameter(std::isfinite(value) && value > 0, name, value, "above 0");
  return value;
}

Grafting read_grafting(const Hyperparameters& hyperparameters) {
  const std::string name = hyperparameters.text_or("grafting", "adam");
  if (name == "adam") return Grafting::adam;
  if (name == "sgd") return Grafting::sgd;
  throw std::runtime_error("hyperparameter 'grafting' is neither \"adam\" nor \"sgd\" (found: \"" + name +
                           "\"). To cure it: correct 'grafting' in the search space");
}

// -1 stands for the first step that computes roots anyway.
int64_t read_start(const Hyperparameters& hyperparameters, int64_t frequency) {
  const int64_t start = hyperparameters.integer_or("start_preconditioning_step", -1);
  if (start == -1) return frequency;
  require_hyperparameter(start >= 1, "start_preconditioning_step", static_cast<double>(start),
                         "at least 1, or -1");
  return start;
}

}  // namespace

ShampooSettings ShampooSettings::read(const Initialization& initialization) {
  const Hyperparameters& hyperparameters = initialization.hyperparameters;
  ShampooSettings settings;
  const double steps =
      static_cast<double>(initialization.step_hint) * positive(hyperparameters, "step_hint_factor", 1);
  settings.schedule = WarmupCosine::over(
      static_cast<int64_t>(steps), not_negative(hyperparameters, "learning_rate", 0.0017486387539278373),
      hyperparameters.number_or("warmup_factor", 0.02));
  settings.beta1 = decay_rate_from_complement(hyperparameters, "one_minus_beta1", 0.06733926164);
  settings.beta2 = decay_rate_from_complement(hyperparameters, "one_minus_beta2", 0.00448403102);
  settings.epsilon = not_negative(hyperparameters, "epsilon", 1e-8);
  settings.grafting_epsilon = not_negative(hyperparameters, "grafting_epsilon", 1e-8);
  settings.momentum = decay_rate_from_complement(hyperparameters, "one_minus_momentum", 1);
  settings.weight_decay = not_negative(hyperparameters, "weight_decay", 0.08121616522670176);
  settings.nadam = hyperparameters.flag_or("nadam", true);
  settings.nesterov = hyperparameters.flag_or("nesterov", true);
  settings.grafting = read_grafting(hyperparameters);
  settings.max_preconditioner_dim = at_least(hyperparameters, "max_preconditioner_dim", 1024, 1);
  settings.precondition_frequency = at_least(hyperparameters, "precondition_frequency", 100, 1);
  settings.start_preconditioning_step = read_start(hyperparameters, settings.precondition_frequency);
  settings.inv_root_override = at_least(hyperparameters, "inv_root_override", 0, 0);
  settings.exponent_multiplier = positive(hyperparameters, "exponent_multiplier", 1);
  settings.graft_only_dim = at_least(hyperparameters, "graft_only_dim", 1000000, 1);
  return settings;
}

}  // namespace timetrial
