#include "harness/worker/optimizer_trace.h"

#include <ATen/ATen.h>

#include "harness/journal/hyperparameter_json.h"
#include "harness/journal/json_fields.h"
#include "harness/worker/traced_submission.h"
#include "harness/worker/unread_hyperparameters.h"

namespace timetrial {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kStepsBetweenPoints = 10;

ordered_json parameter_json(const Parameter& parameter) {
  const at::Tensor flat = parameter.tensor.detach().to(at::kDouble).contiguous().flatten();
  ordered_json values = ordered_json::array();
  for (int64_t i = 0; i < flat.numel(); ++i)
    values.emplace_back(number_to_json(flat.const_data_ptr<double>()[i]));
  return {{"name", parameter.name}, {"shape", parameter.tensor.sizes().vec()}, {"values", std::move(values)}};
}

ordered_json point_json(TraceProblem& problem) {
  ordered_json parameters = ordered_json::array();
  for (const Parameter& parameter : problem.parameters) parameters.push_back(parameter_json(parameter));
  return {{"loss", number_to_json(problem.current_loss())}, {"params", std::move(parameters)}};
}

// Averages and the like are in place at an evaluation only.
ordered_json evaluated_point_json(TracedSubmission& submission, TraceProblem& problem, int64_t steps) {
  submission.prepare_for_eval(problem, steps);
  ordered_json point = point_json(problem);
  submission.resume_training();
  return point;
}

ordered_json trace_points(const OptimizerTraceRequest& request, int64_t step_hint) {
  const std::unique_ptr<TraceProblem> problem = make_trace_problem(request.problem, request.dtype);
  TracedSubmission submission(request.library, request.hyperparameters, problem->parameters, step_hint);
  ordered_json points;
  points["0"] = point_json(*problem);
  for (int64_t steps = 1;; ++steps) {
    const bool last = !submission.advance(*problem, steps - 1) || steps == request.steps;
    if (steps == 1) require_all_hyperparameters_read(submission.hyperparameters().unread());
    if (last || steps % kStepsBetweenPoints == 0) {
      points[std::to_string(steps)] = evaluated_point_json(submission, *problem, steps);
    }
    if (last) return points;
  }
}

}  // namespace

nlohmann::ordered_json optimizer_trace(const OptimizerTraceRequest& request) {
  if (request.steps < 1) {
    throw UserError(
        {"a trace needs at least one step", "", std::to_string(request.steps), "ask for 1 or more"});
  }
  const int64_t step_hint = request.step_hint > 0 ? request.step_hint : request.steps;
  ordered_json run;
  run["description"] = "hyperparameters " + hyperparameters_to_json(request.hyperparameters).dump() +
                       ", step hint " + std::to_string(step_hint);
  const std::string dtype = request.dtype == at::kDouble ? "float64" : "float32";
  try {
    run[request.problem + "_" + dtype] = trace_points(request, step_hint);
  } catch (const SubmissionError& error) {
    throw UserError({error.what(), request.library.string(), "", ""});
  }
  ordered_json trace;
  trace["torch"] = kLibTorchVersion;
  trace["steps"] = request.steps;
  trace["runs"][request.library.stem().string()] = std::move(run);
  return trace;
}

}  // namespace timetrial
