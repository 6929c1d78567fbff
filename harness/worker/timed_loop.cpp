#include "harness/worker/timed_loop.h"

#include <cmath>
#include <sstream>

#include "harness/journal/futility.h"
#include "harness/worker/timed_step.h"
#include "harness/worker/unread_hyperparameters.h"
#include "timetrial/ranks.h"

namespace timetrial {

namespace {

BudgetRules budget_rules(const TrialSpec& spec) {
  return {spec.budget_seconds, spec.evaluation_period_seconds, spec.max_steps, spec.stop_rule,
          spec.evaluation_period_steps};
}

}  // namespace

TimedLoop::TimedLoop(const Parts& parts, std::vector<EvaluationResult> earlier)
    : parts_(parts),
      budget_(budget_rules(parts.spec)),
      evaluations_(parts.spec.target, budget_, parts.watchdog, surroundings_.evaluations) {
  surroundings_.clock.budget_seconds = parts.spec.budget_seconds;
  surroundings_.evaluations = std::move(earlier);
}

void TimedLoop::resume(const FoundCheckpoint& found) {
  const auto& numbers = found.checkpoint.numbers;
  parts_.session.restore(found.checkpoint);
  clock_ = {numbers.at("submission_seconds"), numbers.at("evaluation_seconds"), numbers.at("logging_seconds"),
            numbers.at("wall_seconds")};
  BudgetState state;
  state.last_evaluation_seconds = numbers.at("last_evaluation_seconds");
  state.any_evaluation = numbers.at("any_evaluation") != 0;
  state.validation_reached = numbers.at("validation_reached") != 0;
  state.test_reached = numbers.at("test_reached") != 0;
  budget_ = TrialBudget(budget_rules(parts_.spec), state);
  evaluations_.restore(numbers.at("best"));
  last_checkpoint_seconds_ = clock_.submission_seconds;
}

void TimedLoop::enter(Phase phase) {
  parts_.ledger.enter(phase, steady_seconds());
}

void TimedLoop::start_segment() {
  parts_.threads.end_rest();
  enter_phase(MemoryPhase::training);
  parts_.guard.begin_calls();
  enter(Phase::submission);
  parts_.device.start_segment();
}

void TimedLoop::end_segment() {
  const double own_seconds = parts_.device.drain();
  parts_.session.step_times().resolve();
  parts_.session.losses().settle();
  note_stop_wishes();
  clock_.submission_seconds += parts_.agreement.slowest(own_seconds);
  surroundings_.clock.elapsed_seconds = clock_.submission_seconds;
  enter(Phase::residual);
  parts_.guard.end_calls();
  enter_phase(MemoryPhase::evaluation);
}

void TimedLoop::enter_phase(MemoryPhase phase) {
  parts_.memory.enter(phase);
  parts_.watchdog.report_phase(phase);
}

bool TimedLoop::checkpoint_due() const {
  return parts_.spec.checkpoint_period_seconds > 0 &&
         surroundings_.clock.elapsed_seconds - last_checkpoint_seconds_ >=
             parts_.spec.checkpoint_period_seconds;
}

void TimedLoop::note_stop_wishes() {
  parts_.agreement.note(parts_.session.losses().diverged(),
                        parts_.interrupted.load(std::memory_order_relaxed));
}

TrialBudget::Next TimedLoop::train_until_stop() {
  TrialBudget::Next next = TrialBudget::Next::train;
  double before = 0;
  do {
    before = surroundings_.clock.elapsed_seconds;
    next = timed_step(parts_.session, parts_.device, parts_.watchdog, budget_, surroundings_,
                      parts_.spec.clock, clock_.submission_seconds, parts_.agreement);
    note_stop_wishes();
  } while (next == TrialBudget::Next::train && !parts_.agreement.diverged() && !checkpoint_due() &&
           !parts_.agreement.interrupted() &&
           surroundings_.clock.elapsed_seconds >= before);  // else the guard has something to look at
  return next;
}

LoopEnd TimedLoop::run() {
  loop_start_ = steady_seconds();
  wall_before_ = clock_.wall_seconds;
  while (true) {
    start_segment();
    const TrialBudget::Next next = train_until_stop();
    if (next == TrialBudget::Next::evaluate) parts_.session.prepare_for_eval();
    end_segment();
    parts_.guard.check("training");
    if (next == TrialBudget::Next::evaluate) parts_.threads.begin_rest();

    if (parts_.session.step() == 1) require_all_hyperparameters_read(parts_.session.unread_hyperparameters());
    parts_.session.require_parameters_in_place();
    if (LoopEnd end = divergence(); end.outcome) return end;
    if (next == TrialBudget::Next::evaluate && budget_.may_evaluate(clock_.submission_seconds)) {
      evaluate();
      give_up_if_futile();
      if (!budget_.outcome()) {
        start_segment();
        parts_.session.resume_training();
        end_segment();
        parts_.guard.check("resume_training");
        checkpoint();
      }
    }
    if (budget_.outcome()) {
      parts_.threads.end_rest();
      return {budget_.outcome(), end_message(*budget_.outcome())};
    }
    note_stop_wishes();
    const bool interrupted = parts_.agreement.interrupted();
    // Written over, the checkpoint of this step would count for nothing until the journal has its new
    // checksum.
    if ((interrupted || checkpoint_due()) && last_checkpoint_step_ != parts_.session.step()) checkpoint();
    if (interrupted) return {std::nullopt, "interrupted"};
  }
}

LoopEnd TimedLoop::divergence() const {
  std::ostringstream message;
  if (parts_.agreement.diverged()) {
    message << "the last " << kDivergenceLimit << " training losses were not finite, up to step "
            << parts_.session.step();
  } else if (const std::string name = parts_.session.first_non_finite_parameter(); !name.empty()) {
    message << "parameter " << name << " holds a NaN or an infinity at step " << parts_.session.step();
  } else {
    return {};
  }
  message
      << ". To cure it: lower the learning rate, clip gradients, or skip updates whose gradients overflow";
  return {Outcome::diverged, message.str()};
}

void TimedLoop::evaluate() {
  enter(Phase::evaluation);
  const double start = steady_seconds();
  EvaluationRecord record;
  {
    const ThreadWatch::HarnessWork work(parts_.threads);
    parts_.session.require_same_parameters_on_all_ranks();
    record.metrics = parts_.session.evaluate();
  }
  parts_.guard.adopt();
  const double end = steady_seconds();
  clock_.evaluation_seconds += end - start;

  enter(Phase::logging);
  clock_.wall_seconds = wall_before_ + end - loop_start_;
  record.step = parts_.session.step();
  record.submission_seconds = clock_.submission_seconds;
  record.evaluation_seconds = clock_.evaluation_seconds;
  record.logging_seconds = clock_.logging_seconds;
  record.wall_seconds = clock_.wall_seconds;
  record.training_loss = parts_.session.losses().last_loss();
  evaluations_.note(record);
  parts_.journal.append(record);
  clock_.logging_seconds += steady_seconds() - end;
  enter(Phase::residual);
}

void TimedLoop::give_up_if_futile() {
  if (!parts_.spec.futility_stop || budget_.outcome() || budget_.state().validation_reached) return;
  const std::optional<FutilityBound> bound = read_futility_bound(parts_.trial_directory);
  const bool futile = bound && is_futile(*bound, std::ssize(surroundings_.evaluations),
                                         clock_.submission_seconds, parts_.session.step());
  if (parts_.agreement.first_says(futile)) budget_.give_up();
}

void TimedLoop::checkpoint() {
  enter(Phase::checkpoint);
  parts_.journal.require_lease();  // older checkpoints are removed
  parts_.threads.end_rest();       // to save may take threads
  Checkpoint checkpoint = parts_.session.snapshot();
  parts_.guard.check("save");
  parts_.threads.begin_rest();
  clock_.wall_seconds = wall_before_ + steady_seconds() - loop_start_;
  checkpoint.numbers = {{"submission_seconds", clock_.submission_seconds},
                        {"evaluation_seconds", clock_.evaluation_seconds},
                        {"logging_seconds", clock_.logging_seconds},
                        {"wall_seconds", clock_.wall_seconds},
                        {"last_evaluation_seconds", budget_.state().last_evaluation_seconds},
                        {"any_evaluation", budget_.state().any_evaluation ? 1.0 : 0.0},
                        {"validation_reached", budget_.state().validation_reached ? 1.0 : 0.0},
                        {"test_reached", budget_.state().test_reached ? 1.0 : 0.0},
                        {"best", evaluations_.best()}};
  if (ranks().rank() == 0) {
    parts_.journal.append(write_checkpoint(parts_.trial_directory, parts_.session.step(),
                                           clock_.submission_seconds, checkpoint));
  }
  parts_.guard.adopt_files();
  last_checkpoint_seconds_ = clock_.submission_seconds;
  last_checkpoint_step_ = parts_.session.step();
  enter(Phase::residual);
}

std::string TimedLoop::end_message(Outcome outcome) const {
  std::ostringstream text;
  text.precision(6);
  const TrialSpec& spec = parts_.spec;
  switch (outcome) {
    case Outcome::target_reached:
      text << "validation/" << spec.target.metric << " reached " << spec.target.validation;
      break;
    case Outcome::budget_exhausted:
      text << "the budget of " << spec.budget_seconds << " s is used up";
      break;
    case Outcome::step_limit:
      text << "the limit of " << spec.max_steps << " steps is reached";
      break;
    case Outcome::futile:
      text << "another trial of this study reached the target earlier, in seconds, steps and evaluations";
      break;
    default:
      text << "the submission ended its training";
      break;
  }
  const double best = evaluations_.best();
  if (!std::isnan(best)) text << "; best validation/" << spec.target.metric << " " << best;
  return text.str();
}

}  // namespace timetrial
