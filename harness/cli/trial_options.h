#pragma once

// Options that more than one subcommand has, and what they turn into.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/controller/sweep.h"
#include "harness/controller/trial_specs.h"

namespace timetrial {

// Where things live. Defaults: $TIMETRIAL_DATA or ~/.local/share/timetrial; ./timetrial-results.
struct PlaceOptions {
  std::string data;
  std::string results;

  void add_data(CLI::App& app);
  void add_results(CLI::App& app);
};

// How trials are run: --device, --threads, --ranks, --clock, --seed, --hardware-class, --max-steps, --budget,
// --ignore-targets, --no-step-graph, --audit-sync, --host-allocator, --host-cache-gib, --isolation,
// --memory-limit-gib, --process-limit, --disk-limit-gib.
struct TrialOptions {
  std::string device = "cpu";
  int64_t threads = 0;
  int64_t ranks = 1;
  std::string clock = "sync-free";
  uint64_t seed = 0;
  std::string hardware_class;
  int64_t max_steps = 0;
  double budget_seconds = 0;
  bool ignore_targets = false;
  bool no_step_graph = false;
  bool audit_sync = false;
  std::string host_allocator = "caching";
  double host_cache_gib = 0;
  std::string isolation;  // "": the ruleset's
  TrialLimits limits;

  void add(CLI::App& app);
  void add_memory(CLI::App& app);  // --host-allocator, --host-cache-gib; add() has them
  void add_isolation(CLI::App& app);
  RunOptions run_options(const PlaceOptions& places, int64_t jobs) const;
};

// Throws UserError with the cure when it cannot.
void make_results_directory(const std::filesystem::path& results);

// Runs the trials with a progress display; prints how to resume when interrupted. Returns the exit code.
// `measure_harness`: SweepOptions::measure_harness.
int sweep_and_report_progress(const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
                              int64_t jobs, bool measure_harness);

// "demo" for the mini tier, else the newest AlgoPerf ruleset.
std::string default_ruleset(const std::string& tier);

}  // namespace timetrial
