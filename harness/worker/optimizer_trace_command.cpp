#include "harness/worker/optimizer_trace_command.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/hyperparameter_json.h"
#include "harness/journal/worker_exit.h"
#include "harness/worker/json_output.h"
#include "harness/worker/optimizer_trace.h"

namespace timetrial {
namespace {

constexpr const char* kHyperparametersOption = "--hyperparameters";

struct OptimizerTraceOptions {
  OptimizerTraceRequest request;
  std::string hyperparameters = "{}";
  std::string dtype = "float32";
  std::string json_file;
};

HyperparameterMap parse_hyperparameters(const std::string& text) {
  nlohmann::json parsed;
  try {
    parsed = nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw UserError({"not JSON: " + std::string(error.what()), kHyperparametersOption, text,
                     R"(write one object, as '{"learning_rate": 0.01}')"});
  }
  return hyperparameters_from_json(parsed, kHyperparametersOption);
}

int run_optimizer_trace(OptimizerTraceOptions options) {
  options.request.hyperparameters = parse_hyperparameters(options.hyperparameters);
  options.request.dtype = options.dtype == "float64" ? at::kDouble : at::kFloat;
  write_json_output("the trace", optimizer_trace(options.request).dump(1) + "\n", options.json_file);
  return kWorkerDone;
}

}  // namespace

std::function<int()> add_optimizer_trace_command(CLI::App& app) {
  const auto options = std::make_shared<OptimizerTraceOptions>();
  CLI::App* command = app.add_subcommand(
      "optimizer-trace", "Print in numbers what a submission does to the parameters of a small problem");
  command->add_option("submission", options->request.library, "Its library, NAME.so")->required();
  command->add_option("--problem", options->request.problem, "quad or mlp")->required();
  command->add_option(kHyperparametersOption, options->hyperparameters,
                      "A JSON object (default: the submission's own values)");
  command->add_option("--dtype", options->dtype, "Of parameters and data")
      ->check(CLI::IsMember({"float32", "float64"}))
      ->capture_default_str();
  command->add_option("--steps", options->request.steps, "Updates to make")->capture_default_str();
  command->add_option("--step-hint", options->request.step_hint,
                      "Length of the submission's schedule (default: the steps)");
  command->add_option("--json", options->json_file, "Write to this file (default: standard output)");
  return [options] { return run_optimizer_trace(*options); };
}

}  // namespace timetrial
