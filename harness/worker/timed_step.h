#pragma once

// The harness's share of one training step. A template, so that the trial and the measurement of the timer's
// own overhead run the very same code.

#include "harness/device/device.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/rank_agreement.h"
#include "harness/worker/training_session.h"
#include "harness/worker/trial_budget.h"
#include "harness/worker/watchdog.h"

namespace timetrial {

// Session: advance(const StepSurroundings&), step(), step_times(), finished_by_submission().
// `base_seconds`: the submission clock at the start of the running segment.
template <typename Session>
TrialBudget::Next timed_step(Session& session, Device& device, Watchdog& watchdog, TrialBudget& budget,
                             StepSurroundings& surroundings, ClockMode clock, double base_seconds,
                             RankAgreement& agreement) {
  StepTimes& times = session.step_times();
  times.begin(session.step());
  session.advance(surroundings);
  const double in_segment =
      clock == ClockMode::per_step ? device.drain() : (device.mark(), device.resolved_seconds());
  const bool finished = session.finished_by_submission();
  const bool must = finished || clock == ClockMode::per_step;
  const std::optional<double> seconds =
      agreement.after_step(session.step(), base_seconds + in_segment, must, budget);
  if (seconds) surroundings.clock.elapsed_seconds = *seconds;
  watchdog.report(session.step(), surroundings.clock.elapsed_seconds);
  const TrialBudget::Next next =
      seconds ? budget.after_step(session.step(), *seconds, finished) : TrialBudget::Next::train;
  times.end();
  return next;
}

}  // namespace timetrial
