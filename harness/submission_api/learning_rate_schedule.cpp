#include "timetrial/learning_rate_schedule.h"

#include <algorithm>
#include <string>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

double checked_fraction(const char* name, double value) {
  if (value >= 0 && value <= 1) return value;
  throw UserError({std::string(name) + " is not between 0 and 1", "learning-rate schedule",
                   std::to_string(value), std::string("give ") + name + " as a fraction"});
}

// Truncated like Python's int(): the reference rounds down too.
int64_t fraction_of(int64_t steps, double factor) {
  return static_cast<int64_t>(static_cast<double>(steps) * factor);
}

}  // namespace

WarmupCosine WarmupCosine::over(int64_t step_hint, double peak, double warmup_factor) {
  const int64_t warmup = fraction_of(step_hint, checked_fraction("warmup_factor", warmup_factor));
  return {peak, warmup, std::max<int64_t>(step_hint - warmup, 1), AfterCosine::stay_at_zero};
}

WarmupLinearDecay WarmupLinearDecay::over(int64_t step_hint, double peak, double warmup_factor,
                                          double decay_steps_factor, double end_factor) {
  const int64_t warmup = fraction_of(step_hint, checked_fraction("warmup_factor", warmup_factor));
  const int64_t decay =
      fraction_of(step_hint - warmup, checked_fraction("decay_steps_factor", decay_steps_factor));
  return {peak, warmup, std::max<int64_t>(decay, 1), checked_fraction("end_factor", end_factor)};
}

}  // namespace timetrial
