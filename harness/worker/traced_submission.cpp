#include "harness/worker/traced_submission.h"

namespace timetrial {

TracedSubmission::TracedSubmission(const std::filesystem::path& library,
                                   const HyperparameterMap& hyperparameters, const ParameterList& parameters,
                                   int64_t step_hint, CallObserver* observer)
    : hyperparameters_(hyperparameters),
      submission_(open_submission_library(library), observer != nullptr ? *observer : no_observer_) {
  Initialization initialization{parameters, hyperparameters_};
  initialization.loss_type = LossType::mean_squared_error;
  initialization.step_hint = step_hint;
  submission_.initialize(initialization);
}

bool TracedSubmission::advance(TraceProblem& problem, int64_t step) {
  TraceQueue queue(problem, step);
  Batch batch;
  submission_.select_batch(queue, batch);
  TraceStep current(problem, step, std::move(batch));
  submission_.update(current);
  return !current.finished();
}

void TracedSubmission::prepare_for_eval(TraceProblem& problem, int64_t steps) {
  TraceQueue queue(problem, steps);
  submission_.prepare_for_eval(problem, queue);
}

State TracedSubmission::save() {
  State state;
  submission_.save(state);
  return state;
}

}  // namespace timetrial
