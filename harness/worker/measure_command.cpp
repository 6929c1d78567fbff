#include "harness/worker/measure_command.h"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/worker_exit.h"
#include "workloads/tpugraphs_tile/cpu_tile/measured_collection.h"
#include "workloads/tpugraphs_tile/tile_manifest.h"

namespace timetrial {
namespace {

struct MeasureOptions {
  std::string folder;
  int64_t rounds = 20;
};

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm date{};
  ::gmtime_r(&now, &date);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &date);
  return text;
}

int run_measure(const MeasureOptions& options) {
  if (std::filesystem::exists(std::filesystem::path(options.folder) / "manifest.json")) {
    throw UserError({"there is a data set already", options.folder, "",
                     "name another folder, or remove this one: a measured data set is never changed"});
  }
  MeasuredCollectionOptions measure;
  measure.rounds = options.rounds;
  measure.date = today();
  measure.progress = [](const std::string& kernel, const TimingNoise& noise, bool kept) {
    std::printf("%-40s tau between halves %.3f, resolution %.1f %%%s\n", kernel.c_str(), noise.tau,
                100 * noise.resolution, kept ? "" : ", left out");
    std::fflush(stdout);
  };
  measure_collection(tile_collection(), options.folder, measure);
  write_manifest(options.folder, measured_tile_manifest(options.folder));
  return kWorkerDone;
}

}  // namespace

std::function<int()> add_measure_command(CLI::App& app) {
  const auto options = std::make_shared<MeasureOptions>();
  CLI::App* command = app.add_subcommand(
      "measure-configs",
      "Time the kernels of cpu_tile on this machine; writes the mini data set of tpugraphs_tile");
  command->add_option("folder", options->folder, "For example $TIMETRIAL_DATA/tpugraphs_tile/mini")
      ->required();
  command->add_option("--rounds", options->rounds, "Every configuration is run so often")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  return [options] { return run_measure(*options); };
}

}  // namespace timetrial
