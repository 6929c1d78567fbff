#include "harness/worker/fingerprint_command.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "harness/journal/worker_exit.h"
#include "harness/worker/json_output.h"
#include "workloads/fingerprint/fingerprint.h"

namespace timetrial {
namespace {

struct FingerprintOptions {
  FingerprintRequest request;
  std::string tier = "full";
  std::string dtype;
  std::string json_file;
};

int run_fingerprint(FingerprintOptions options) {
  FingerprintRequest& request = options.request;
  request.options.tier = tier_from_string(options.tier);
  if (!options.dtype.empty()) request.dtypes = {options.dtype == "float64" ? at::kDouble : at::kFloat};
  write_json_output("the fingerprint", fingerprint(request).dump(1) + "\n", options.json_file);
  return kWorkerDone;
}

}  // namespace

std::function<int()> add_fingerprint_command(CLI::App& app) {
  const auto options = std::make_shared<FingerprintOptions>();
  CLI::App* command = app.add_subcommand("fingerprint", "Print in numbers what a workload's model computes");
  command->add_option("workload", options->request.workload, "See describe")->required();
  command->add_option("--variant", options->request.options.variant, "Instead of the base workload");
  command->add_option("--tier", options->tier, "Whose model")
      ->check(CLI::IsMember({"full", "mini"}))
      ->capture_default_str();
  command->add_option("--case", options->request.case_name, "Of the inputs (default: every case)");
  command->add_option("--dtype", options->dtype, "Only this precision (default: both)")
      ->check(CLI::IsMember({"float32", "float64"}));
  command->add_option("--weights", options->request.weights,
                      "FILE.safetensors or FILE.pt with a state dict, instead of generated parameters");
  command->add_option("--json", options->json_file, "Write to this file (default: standard output)");
  return [options] { return run_fingerprint(*options); };
}

}  // namespace timetrial
