#pragma once

// What a submission does to the parameters of a small problem, step by step, in numbers: two programs that
// agree on a trace compute the same update.

#include <filesystem>
#include <string>

#include <c10/core/ScalarType.h>
#include <nlohmann/json_fwd.hpp>

#include "harness/journal/trial_spec.h"

namespace timetrial {

struct OptimizerTraceRequest {
  std::filesystem::path library;
  std::string problem;  // see trace_problem.h
  HyperparameterMap hyperparameters;
  at::ScalarType dtype = at::kFloat;
  int64_t steps = 50;
  int64_t step_hint = 0;  // length of the submission's schedule; 0: the traced steps
};

// {"torch", "steps", "runs": {<submission>: {"description", "<problem>_<dtype>": points}}}, where points has
// the keys "0", "10", "20" … and the last step made, each {"loss", "params": [{"name", "shape", "values"}]}:
// loss and parameters after so many updates, as an evaluation there would find them. Numbers that are not
// finite are strings. A submission that ends the training ends the trace. Throws UserError for an unknown
// problem, fewer than one step, a library that cannot be used, a submission that throws and a hyperparameter
// that it never reads.
nlohmann::ordered_json optimizer_trace(const OptimizerTraceRequest& request);

}  // namespace timetrial
