#include "harness/worker/timed_loop.h"

#include <cmath>
#include <limits>
#include <sstream>

#include "harness/device/device.h"
#include "harness/errors/user_error.h"
#include "harness/journal/futility.h"
#include "harness/worker/loss_watch.h"

namespace timetrial {

TimedLoop::TimedLoop(const Parts& parts, std::vector<EvaluationResult> earlier)
    : parts_(parts),
      budget_(budget_rules(parts.spec)),
      evaluations_(parts.spec.target, budget_, parts.watchdog, surroundings_.evaluations) {
  surroundings_.clock.budget_seconds = parts.spec.budget_seconds;
  surroundings_.evaluations = std::move(earlier);
}

void TimedLoop::resume(const CheckpointRecord& checkpoint) {
  const std::map<std::string, double>& loop = checkpoint.loop;
  if (loop.empty())
    throw UserError({"this checkpoint was written by an older version and cannot be gone on from",
                     (parts_.trial_directory / checkpoint.file).string(), "",
                     "remove the trial's directory to start it anew"});
  parts_.training.restore(checkpoint);
  clock_ = {checkpoint.submission_seconds, loop.at("evaluation_seconds"), loop.at("logging_seconds"),
            loop.at("wall_seconds")};
  BudgetState state;
  state.last_evaluation_seconds = loop.at("last_evaluation_seconds");
  state.any_evaluation = loop.at("any_evaluation") != 0;
  state.validation_reached = loop.at("validation_reached") != 0;
  state.test_reached = loop.at("test_reached") != 0;
  budget_ = TrialBudget(budget_rules(parts_.spec), state);
  evaluations_.restore(loop.at("best"));
  last_checkpoint_seconds_ = clock_.submission_seconds;
}

void TimedLoop::enter(Phase phase) {
  parts_.ledger.enter(phase, steady_seconds());
}

void TimedLoop::advance_clock(double seconds) {
  clock_.submission_seconds += seconds;
  surroundings_.clock.elapsed_seconds = clock_.submission_seconds;
}

double TimedLoop::checkpoint_at_seconds() const {
  if (parts_.spec.checkpoint_period_seconds <= 0) return std::numeric_limits<double>::infinity();
  return last_checkpoint_seconds_ + parts_.spec.checkpoint_period_seconds;
}

LoopEnd TimedLoop::run() {
  loop_start_ = steady_seconds();
  wall_before_ = clock_.wall_seconds;
  surroundings_.clock.elapsed_seconds = clock_.submission_seconds;
  Training& training = parts_.training;
  while (true) {
    const StretchEnd stretch = training.train(budget_, surroundings_, checkpoint_at_seconds());
    advance_clock(stretch.seconds);
    training.inspect("training");
    if (LoopEnd end = divergence(stretch.losses_diverged); end.outcome) return end;
    if (stretch.next == TrialBudget::Next::evaluate && budget_.may_evaluate(clock_.submission_seconds)) {
      evaluate(stretch.training_loss);
      give_up_if_futile();
      if (!budget_.outcome()) {
        advance_clock(training.resume());
        training.inspect("resume_training");
        checkpoint();
      }
    }
    if (budget_.outcome()) {
      training.finish();
      return {budget_.outcome(), end_message(*budget_.outcome())};
    }
    const bool interrupted = training.interrupted();
    const bool due = surroundings_.clock.elapsed_seconds >= checkpoint_at_seconds();
    // Written over, the checkpoint of this step would count for nothing until the journal has its new
    // checksum.
    if ((interrupted || due) && last_checkpoint_step_ != training.step()) checkpoint();
    if (interrupted) return {std::nullopt, "interrupted"};
  }
}

LoopEnd TimedLoop::divergence(bool losses_diverged) const {
  std::ostringstream message;
  if (losses_diverged) {
    message << "the last " << kDivergenceLimit << " training losses were not finite, up to step "
            << parts_.training.step();
  } else if (const std::string name = parts_.training.first_non_finite_parameter(); !name.empty()) {
    message << "parameter " << name << " holds a NaN or an infinity at step " << parts_.training.step();
  } else {
    return {};
  }
  message
      << ". To cure it: lower the learning rate, clip gradients, or skip updates whose gradients overflow";
  return {Outcome::diverged, message.str()};
}

void TimedLoop::evaluate(double training_loss) {
  enter(Phase::evaluation);
  const double start = steady_seconds();
  EvaluationRecord record;
  record.metrics = parts_.training.evaluate();
  const double end = steady_seconds();
  clock_.evaluation_seconds += end - start;

  enter(Phase::logging);
  clock_.wall_seconds = wall_before_ + end - loop_start_;
  record.step = parts_.training.step();
  record.submission_seconds = clock_.submission_seconds;
  record.evaluation_seconds = clock_.evaluation_seconds;
  record.logging_seconds = clock_.logging_seconds;
  record.wall_seconds = clock_.wall_seconds;
  record.training_loss = training_loss;
  evaluations_.note(record);
  parts_.journal.append(record);
  clock_.logging_seconds += steady_seconds() - end;
  enter(Phase::residual);
}

void TimedLoop::give_up_if_futile() {
  if (!parts_.spec.futility_stop || budget_.outcome() || budget_.state().validation_reached) return;
  const std::optional<FutilityBound> bound = read_futility_bound(parts_.trial_directory);
  const bool futile = bound && is_futile(*bound, std::ssize(surroundings_.evaluations),
                                         clock_.submission_seconds, parts_.training.step());
  if (parts_.training.first_says(futile)) budget_.give_up();
}

void TimedLoop::checkpoint() {
  enter(Phase::checkpoint);
  parts_.journal.require_lease();  // older checkpoints are removed
  CheckpointRecord record = parts_.training.save(clock_.submission_seconds);
  clock_.submission_seconds = surroundings_.clock.elapsed_seconds = record.submission_seconds;
  clock_.wall_seconds = wall_before_ + steady_seconds() - loop_start_;
  record.loop = {{"evaluation_seconds", clock_.evaluation_seconds},
                 {"logging_seconds", clock_.logging_seconds},
                 {"wall_seconds", clock_.wall_seconds},
                 {"last_evaluation_seconds", budget_.state().last_evaluation_seconds},
                 {"any_evaluation", budget_.state().any_evaluation ? 1.0 : 0.0},
                 {"validation_reached", budget_.state().validation_reached ? 1.0 : 0.0},
                 {"test_reached", budget_.state().test_reached ? 1.0 : 0.0},
                 {"best", evaluations_.best()}};
  parts_.journal.append(record);
  last_checkpoint_seconds_ = clock_.submission_seconds;
  last_checkpoint_step_ = parts_.training.step();
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
