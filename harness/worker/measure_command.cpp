#include "harness/worker/measure_command.h"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/worker_exit.h"
#include "workloads/tpugraphs_layout/cpu_layout/measured_layouts.h"
#include "workloads/tpugraphs_layout/layout_manifest.h"
#include "workloads/tpugraphs_tile/cpu_tile/measured_collection.h"
#include "workloads/tpugraphs_tile/tile_manifest.h"

namespace timetrial {
namespace {

struct MeasureOptions {
  std::string folder;
  std::string collection = "cpu_tile";
  int64_t rounds = 0;  // the collection's own number
};

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm date{};
  ::gmtime_r(&now, &date);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &date);
  return text;
}

template <typename Options>
Options options_of(const MeasureOptions& chosen) {
  Options options;
  if (chosen.rounds != 0) options.rounds = chosen.rounds;
  options.date = today();
  options.progress = [](const std::string& name, const TimingNoise& noise, bool kept) {
    std::printf("%-40s tau between halves %.3f, resolution %.1f %%%s\n", name.c_str(), noise.tau,
                100 * noise.resolution, kept ? "" : ", left out");
    std::fflush(stdout);
  };
  return options;
}

int run_measure(const MeasureOptions& options) {
  if (std::filesystem::exists(std::filesystem::path(options.folder) / "manifest.json")) {
    throw UserError({"there is a data set already", options.folder, "",
                     "name another folder, or remove this one: a measured data set is never changed"});
  }
  if (options.collection == "cpu_layout") {
    measure_layouts(layout_collection(), options.folder, options_of<MeasuredLayoutsOptions>(options));
    complete_measured_layouts(options.folder, [](const std::string&, int64_t, int64_t) {});
  } else {
    measure_collection(tile_collection(), options.folder, options_of<MeasuredCollectionOptions>(options));
    write_manifest(options.folder, measured_tile_manifest(options.folder));
  }
  return kWorkerDone;
}

}  // namespace

std::function<int()> add_measure_command(CLI::App& app) {
  const auto options = std::make_shared<MeasureOptions>();
  CLI::App* command = app.add_subcommand("measure-configs",
                                         "Time the kernels of cpu_tile, or the graphs of cpu_layout, on this "
                                         "machine; writes the mini data set of "
                                         "tpugraphs_tile or tpugraphs_layout");
  command->add_option("folder", options->folder, "For example $TIMETRIAL_DATA/tpugraphs_tile/mini")
      ->required();
  command->add_option("--collection", options->collection, "What is timed: cpu_tile or cpu_layout")
      ->check(CLI::IsMember({"cpu_tile", "cpu_layout"}))
      ->capture_default_str();
  command
      ->add_option("--rounds", options->rounds,
                   "Every configuration is run so often; cpu_tile 20, cpu_layout 80")
      ->check(CLI::Range(2, 1000));
  return [options] { return run_measure(*options); };
}

}  // namespace timetrial
