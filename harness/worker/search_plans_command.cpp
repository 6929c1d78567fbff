#include "harness/worker/search_plans_command.h"

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "harness/journal/worker_exit.h"
#include "workloads/graph_optimizer/plan_control.h"

namespace timetrial {
namespace {

struct SearchPlansOptions {
  std::string data_set;
  std::string variant;
  uint64_t calls = 10000;
  uint64_t seed = 1;
};

void print_row(const char* name, const PlanControl& row) {
  std::printf("%-26s %10.3f %10.3f %10.3f %10.3f %10.3f\n", name, row.one_device, row.random_mean,
              row.random_search, row.climbing, row.climbing_from_start);
  std::fflush(stdout);
}

// Geometric means over the graphs.
void search_split(const SearchPlansOptions& options, const std::string& split) {
  PlanControl logs;
  const PlannedGraphs graphs = read_planned_graphs(options.data_set, split, options.variant);
  const auto count = static_cast<double>(graphs.size());
  for (const auto& planned : graphs) {
    const PlanControl found = plan_control(*planned, options.variant, options.calls, options.seed);
    print_row(found.graph.c_str(), found);
    for (double PlanControl::*number :
         {&PlanControl::one_device, &PlanControl::random_mean, &PlanControl::random_search,
          &PlanControl::climbing, &PlanControl::climbing_from_start})
      logs.*number += std::log(found.*number) / count;
  }
  print_row((split + ", geometric mean").c_str(),
            {"", std::exp(logs.one_device), std::exp(logs.random_mean), std::exp(logs.random_search),
             std::exp(logs.climbing), std::exp(logs.climbing_from_start)});
}

int run_search_plans(const SearchPlansOptions& options) {
  std::printf("Cost over the best heuristic's time, %llu simulations a search\n",
              static_cast<unsigned long long>(options.calls));
  std::printf("%-26s %10s %10s %10s %10s %10s\n", "graph", "one device", "random", "search", "climbing",
              "from start");
  for (const char* split : {"valid", "test"}) search_split(options, split);
  return kWorkerDone;
}

}  // namespace

std::function<int()> add_search_plans_command(CLI::App& app) {
  const auto options = std::make_shared<SearchPlansOptions>();
  CLI::App* command = app.add_subcommand(
      "search-plans", "Search plans for the held-out graphs of graph_optimizer: the control of its policy");
  command->add_option("data_set", options->data_set, "For example $TIMETRIAL_DATA/graph_optimizer/mini")
      ->required();
  command->add_option("--variant", options->variant, "schedule, fusion or all; placement alone without");
  command->add_option("--calls", options->calls, "Simulations of each search on each graph")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of the searches")->capture_default_str();
  return [options] { return run_search_plans(*options); };
}

}  // namespace timetrial
