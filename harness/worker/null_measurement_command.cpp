#include "harness/worker/null_measurement_command.h"

#include <memory>

#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>

#include "harness/journal/worker_exit.h"
#include "harness/worker/json_output.h"
#include "harness/worker/null_measurement.h"

namespace timetrial {
namespace {

struct NullMeasurementOptions {
  std::string folder;
  std::string device = "cpu";
  int64_t threads = 0;
  std::string json_file;
};

int run_null_measurement(const NullMeasurementOptions& options) {
  const std::unique_ptr<Device> device = open_device(options.device);
  if (options.threads > 0) at::set_num_threads(static_cast<int>(options.threads));
  NullMeasurement measurement = measure_harness(*device, options.folder);
  measurement.device = options.device;
  measurement.threads = options.threads;
  write_json_output("the null measurement", null_measurement_to_json(measurement), options.json_file);
  return kWorkerDone;
}

}  // namespace

std::function<int()> add_null_measurement_command(CLI::App& app) {
  const auto options = std::make_shared<NullMeasurementOptions>();
  CLI::App* command = app.add_subcommand("null-measurement", "Print what the harness itself costs here");
  command->add_option("folder", options->folder, "On the disk of the results; files are left in it")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--device", options->device, "cpu, cuda or cuda:<index>")->capture_default_str();
  command->add_option("--threads", options->threads, "CPU threads; 0: all cores")->capture_default_str();
  command->add_option("--json", options->json_file, "Write to this file (default: standard output)");
  return [options] { return run_null_measurement(*options); };
}

}  // namespace timetrial
