#include "harness/worker/timer_overhead.h"

#include <algorithm>
#include <array>
#include <limits>

#include "harness/worker/empty_session.h"
#include "harness/worker/timed_step.h"

namespace timetrial {

double measure_timer_overhead(Device& device, ClockMode clock) {
  constexpr int kRounds = 9;
  constexpr int kStepsPerRound = 100;
  Watchdog watchdog(std::numeric_limits<double>::infinity(), nullptr, [](const char*, double) {});
  EmptySession session(watchdog);
  TrialBudget budget(
      {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), 0, StopRule::never},
      {0, true, false, false});
  StepSurroundings surroundings;
  std::array<double, kRounds> per_step{};
  for (double& seconds : per_step) {
    device.start_segment();
    for (int i = 0; i < kStepsPerRound; ++i)
      timed_step(session, device, watchdog, budget, surroundings, clock, 0);
    seconds = device.drain() / kStepsPerRound;
  }
  std::nth_element(per_step.begin(), per_step.begin() + kRounds / 2, per_step.end());
  return per_step[kRounds / 2];
}

}  // namespace timetrial
