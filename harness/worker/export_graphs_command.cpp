#include "harness/worker/export_graphs_command.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/worker_exit.h"
#include "workloads/graph_optimizer/graph_manifest.h"
#include "workloads/graph_optimizer/graph_set/graph_set_writer.h"

namespace timetrial {
namespace {

struct ExportGraphsOptions {
  std::string folder;
  std::string tier = "full";
};

void print_graph(const MadeGraph& made) {
  const HeuristicTime& best = made.heuristics.at("all").front();
  std::printf("%-26s %5zu nodes, %u devices of %lld MB (%lld %%), best heuristic %.3f ms: %s\n",
              made.graph.name.c_str(), made.graph.graph.nodes.size(), made.graph.machine.devices,
              static_cast<long long>(made.graph.machine.memory_bytes / 1'000'000),
              static_cast<long long>(made.memory_percent), 1e-9 * static_cast<double>(best.makespan_ps),
              best.plan.c_str());
  std::fflush(stdout);
}

int run_export_graphs(const ExportGraphsOptions& options) {
  if (std::filesystem::exists(std::filesystem::path(options.folder) / "manifest.json")) {
    throw UserError({"there is a data set already", options.folder, "",
                     "name another folder, or remove this one: a data set is never changed"});
  }
  write_graph_set(graph_recipes(tier_from_string(options.tier)), options.folder, print_graph);
  write_manifest(options.folder, graph_manifest(options.folder));
  return kWorkerDone;
}

}  // namespace

std::function<int()> add_export_graphs_command(CLI::App& app) {
  const auto options = std::make_shared<ExportGraphsOptions>();
  CLI::App* command = app.add_subcommand(
      "export-graphs", "Write the data set of graph_optimizer: steps of this program's models as graphs");
  command->add_option("folder", options->folder, "For example $TIMETRIAL_DATA/graph_optimizer/full")
      ->required();
  command->add_option("--tier", options->tier, "full or mini")
      ->check(CLI::IsMember({"full", "mini"}))
      ->capture_default_str();
  return [options] { return run_export_graphs(*options); };
}

}  // namespace timetrial
