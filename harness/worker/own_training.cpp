#include "harness/worker/own_training.h"

#include "harness/worker/timed_step.h"
#include "harness/worker/unread_hyperparameters.h"
#include "timetrial/ranks.h"

namespace timetrial {

void OwnTraining::start_segment() {
  end_rest();
  enter_phase(MemoryPhase::training);
  parts_.guard.begin_calls();
  parts_.ledger.enter(Phase::submission, steady_seconds());
  parts_.device.start_segment();
}

double OwnTraining::end_segment() {
  const double own_seconds = parts_.device.drain();
  parts_.session.step_times().resolve();
  parts_.session.losses().settle();
  note_stop_wishes();
  const double seconds = parts_.agreement.slowest(own_seconds);
  parts_.ledger.enter(Phase::residual, steady_seconds());
  parts_.guard.end_calls();
  enter_phase(MemoryPhase::evaluation);
  return seconds;
}

void OwnTraining::begin_rest() {
  if (parts_.threads != nullptr) parts_.threads->begin_rest();
}

void OwnTraining::end_rest() {
  if (parts_.threads != nullptr) parts_.threads->end_rest();
}

void OwnTraining::enter_phase(MemoryPhase phase) {
  parts_.memory.enter(phase);
  parts_.watchdog.report_phase(phase);
}

void OwnTraining::note_stop_wishes() {
  parts_.agreement.note(parts_.session.losses().diverged(),
                        parts_.interrupted.load(std::memory_order_relaxed));
}

bool OwnTraining::interrupted() {
  note_stop_wishes();
  return parts_.agreement.interrupted();
}

StretchEnd OwnTraining::train(TrialBudget& budget, StepSurroundings& surroundings,
                              double checkpoint_at_seconds) {
  const double begin = surroundings.clock.elapsed_seconds;
  StretchEnd end;
  double before = 0;
  start_segment();
  do {
    before = surroundings.clock.elapsed_seconds;
    end.next = timed_step(parts_.session, parts_.device, parts_.watchdog, budget, surroundings,
                          parts_.spec.clock, begin, parts_.agreement);
    note_stop_wishes();
  } while (end.next == TrialBudget::Next::train && !parts_.agreement.diverged() &&
           surroundings.clock.elapsed_seconds < checkpoint_at_seconds && !parts_.agreement.interrupted() &&
           surroundings.clock.elapsed_seconds >= before);  // else the guard has something to look at
  evaluation_is_due_ = end.next == TrialBudget::Next::evaluate;
  if (evaluation_is_due_) parts_.session.prepare_for_eval();
  end.seconds = end_segment();
  end.step = parts_.session.step();
  end.training_loss = parts_.session.losses().last_loss();
  end.finished_by_submission = parts_.session.finished_by_submission();
  end.losses_diverged = parts_.agreement.diverged();
  return end;
}

double OwnTraining::resume() {
  evaluation_is_due_ = false;
  start_segment();
  parts_.session.resume_training();
  return end_segment();
}

void OwnTraining::inspect(const std::string& call) {
  parts_.guard.check(call);
  if (evaluation_is_due_) begin_rest();
  if (parts_.session.step() == 1) require_all_hyperparameters_read(parts_.session.unread_hyperparameters());
  parts_.session.require_parameters_in_place();
}

std::map<std::string, double> OwnTraining::evaluate() {
  std::map<std::string, double> metrics;
  {
    const ThreadWatch::HarnessWork work(*parts_.threads);
    parts_.session.require_same_parameters_on_all_ranks();
    metrics = parts_.session.evaluate();
  }
  parts_.guard.adopt();
  return metrics;
}

Checkpoint OwnTraining::snapshot() {
  end_rest();  // to save may take threads
  Checkpoint checkpoint = parts_.session.snapshot();
  parts_.guard.check("save");
  begin_rest();
  return checkpoint;
}

CheckpointRecord OwnTraining::save(double submission_seconds) {
  const Checkpoint checkpoint = snapshot();
  CheckpointRecord record;
  record.submission_seconds = submission_seconds;
  if (ranks().rank() == 0)
    record = write_checkpoint(parts_.trial_directory, parts_.session.step(), submission_seconds, checkpoint);
  parts_.guard.adopt_files();
  return record;
}

void OwnTraining::restore(const CheckpointRecord& record) {
  parts_.session.restore(read_checkpoint(parts_.trial_directory / record.file));
}

}  // namespace timetrial
