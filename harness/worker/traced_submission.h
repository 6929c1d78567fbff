#pragma once

// A submission at work on a trace problem: loaded and called as in a trial, without a trial's clock, watchdog
// and files.

#include <filesystem>

#include "harness/journal/trial_spec.h"
#include "harness/worker/submission_library.h"
#include "harness/worker/trace_problem.h"

namespace timetrial {

class NoObserver final : public CallObserver {
 public:
  void entered(const char* /*call*/) noexcept override {}
  void left() noexcept override {}
};

class TracedSubmission {
 public:
  // Throws UserError when the library cannot be used and SubmissionError when the submission throws, here as
  // in every call below. `observer`, if there is one, is told of the calls and outlives them.
  TracedSubmission(const std::filesystem::path& library, const HyperparameterMap& hyperparameters,
                   const ParameterList& parameters, int64_t step_hint, CallObserver* observer = nullptr);

  // Selects the batch of the 0-based step and makes its update. False when the submission ended the training.
  bool advance(TraceProblem& problem, int64_t step);
  void update(Step& step) { submission_.update(step); }
  // What brackets an evaluation that follows `steps` updates.
  void prepare_for_eval(TraceProblem& problem, int64_t steps);
  bool capturable() { return submission_.capturable(); }
  void resume_training() { submission_.resume_training(); }
  State save();
  void load(const State& state) { submission_.load(state); }

  const Hyperparameters& hyperparameters() const { return hyperparameters_; }

 private:
  NoObserver no_observer_;
  Hyperparameters hyperparameters_;
  LoadedSubmission submission_;
};

}  // namespace timetrial
