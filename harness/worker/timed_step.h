#pragma once

// The harness's share of one training step. A template, so that the trial and the measurement of the timer's
// own overhead run the very same code.

#include "harness/device/device.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/training_session.h"
#include "harness/worker/trial_budget.h"
#include "harness/worker/watchdog.h"

namespace timetrial {

// Session: advance(const StepSurroundings&), step(), step_times(), finished_by_submission().
// `base_seconds`: the submission clock at the start of the running segment.
template <typename Session>
TrialBudget::Next timed_step(Session& session, Device& device, Watchdog& watchdog, TrialBudget& budget,
                             StepSurroundings& surroundings, ClockMode clock, double base_seconds) {
  StepTimes& times = session.step_times();
  times.begin(session.step());
  session.advance(surroundings);
  const double in_segment =
      clock == ClockMode::per_step ? device.drain() : (device.mark(), device.resolved_seconds());
  surroundings.clock.elapsed_seconds = base_seconds + in_segment;
  watchdog.report(session.step(), surroundings.clock.elapsed_seconds);
  const TrialBudget::Next next =
      budget.after_step(session.step(), surroundings.clock.elapsed_seconds, session.finished_by_submission());
  times.end();
  return next;
}

}  // namespace timetrial
