#include "harness/worker/harness_overhead.h"

#include <algorithm>
#include <limits>

#include "harness/worker/empty_session.h"
#include "harness/worker/timed_step.h"

namespace timetrial {

double quantile_of(std::vector<double> values, double share) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

std::vector<double> harness_seconds_per_step(Device& device, ClockMode clock, int64_t rounds,
                                             int64_t steps_per_round, int64_t every) {
  constexpr double kForever = std::numeric_limits<double>::infinity();
  Watchdog watchdog(kForever, nullptr, [](const char*, double) {});
  StepTimes step_times(device, 0, every);
  EmptySession session(watchdog, step_times);
  TrialBudget budget({kForever, kForever, 0, StopRule::never}, {0, true, false, false});
  StepSurroundings surroundings;
  RankAgreement alone;
  std::vector<double> per_step(static_cast<std::size_t>(rounds));
  for (double& seconds : per_step) {
    device.start_segment();
    for (int64_t i = 0; i < steps_per_round; ++i)
      timed_step(session, device, watchdog, budget, surroundings, clock, 0, alone);
    seconds = device.drain() / static_cast<double>(steps_per_round);
    step_times.resolve();
  }
  return per_step;
}

double measure_timer_overhead(Device& device, ClockMode clock) {
  return quantile_of(harness_seconds_per_step(device, clock, 9, 100), 0.5);
}

}  // namespace timetrial
