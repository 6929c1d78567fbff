#include "harness/cli/trial_options.h"

#include <cstdlib>
#include <thread>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/progress_display.h"
#include "harness/cli/stop_signal.h"
#include "harness/cli/sync_audit_display.h"
#include "harness/controller/trial_isolation.h"
#include "harness/errors/user_error.h"
#include "harness/isolation/sandbox_probe.h"

namespace timetrial {

namespace {

std::string default_data_directory() {
  if (const char* data = std::getenv("TIMETRIAL_DATA"); data != nullptr && *data != '\0') return data;
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : ".") + "/.local/share/timetrial";
}

void warn_of_weaker_isolation(const std::vector<TrialSpec>& specs) {
  for (const TrialSpec& spec : specs) {
    const GrantedLevel granted = granted_for(spec);
    if (granted.reason.empty()) continue;
    fmt::print("warning: the ruleset asks for isolation {}, trials get {}: {}\n", to_string(spec.isolation),
               to_string(granted.level), granted.reason);
    return;
  }
}

}  // namespace

void make_results_directory(const std::filesystem::path& results) {
  std::error_code error;
  std::filesystem::create_directories(results, error);
  if (!error) return;
  throw UserError({"the results directory cannot be made", std::filesystem::absolute(results).string(),
                   error.message(), "name a place that you can write to with --results"});
}

void PlaceOptions::add_data(CLI::App& app) {
  data = default_data_directory();
  app.add_option("--data", data, "Folder of the data sets (environment: TIMETRIAL_DATA)")
      ->capture_default_str();
}

void PlaceOptions::add_results(CLI::App& app) {
  results = "timetrial-results";
  app.add_option("--results", results, "Folder of trials and results.sqlite")->capture_default_str();
}

void TrialOptions::add(CLI::App& app) {
  app.add_option("--device", device, "cpu, cuda or cuda:<index>")->capture_default_str();
  app.add_option("--threads", threads, "CPU threads per trial; 0: all cores, divided among --jobs")
      ->capture_default_str();
  app.add_option(
         "--ranks", ranks,
         "Processes per trial that share every batch: on GPUs one each, on the CPU the threads divided")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--clock", clock,
                 "sync-free, or per-step: AlgoPerf's, which waits for the device every step")
      ->check(CLI::IsMember({"sync-free", "per-step"}))
      ->capture_default_str();
  app.add_option("--seed", seed, "Seed of the study plan; every trial's own seed follows from it")
      ->capture_default_str();
  app.add_option("--hardware-class", hardware_class, "Row of the benchmark table (default: the table's own)");
  app.add_option("--max-steps", max_steps, "End each trial after so many steps; such trials are scored apart")
      ->check(CLI::PositiveNumber);
  app.add_option("--budget", budget_seconds,
                 "Budget in seconds instead of the ruleset's; such trials are scored apart")
      ->check(CLI::PositiveNumber);
  app.add_flag("--ignore-targets", ignore_targets,
               "Train on after the target is reached; such trials are scored apart");
  app.add_flag(
      "--no-step-graph", no_step_graph,
      "On a GPU, run every update of a capturable submission on the host instead of replaying a recording; "
      "such trials are scored apart");
  app.add_flag("--audit-sync", audit_sync,
               "Find the places where the submission makes the host wait for the device; costs time, so such "
               "trials are scored apart");
  add_memory(app);
  add_isolation(app);
}

void TrialOptions::add_isolation(CLI::App& app) {
  app.add_option(
         "--isolation", isolation,
         "How submissions are kept apart: none, process (limits, a clean environment, nothing left "
         "running), sandbox (and no network, a read-only machine, no other trials) or strict (and "
         "evaluations in another process, while the submission's is stopped); default: what the ruleset asks "
         "and the machine grants. Trials of less than the ruleset asks are scored apart")
      ->check(CLI::IsMember({"none", "process", "sandbox", "strict"}));
  app.add_option("--memory-limit-gib", limits.memory_gib, "Host memory of one trial; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--process-limit", limits.processes, "Processes of one trial; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--disk-limit-gib", limits.disk_gib,
                 "What one trial may write, checkpoints included; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void TrialOptions::add_memory(CLI::App& app) {
  app.add_option("--host-allocator", host_allocator,
                 "Memory of CPU tensors: caching keeps it in huge pages, system is LibTorch's own; trials of "
                 "system are scored apart")
      ->check(CLI::IsMember({"caching", "system"}))
      ->capture_default_str();
  app.add_option("--host-cache-gib", host_cache_gib,
                 "GiB above which the caching allocator gives up free memory before it takes more; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

RunOptions TrialOptions::run_options(const PlaceOptions& places, int64_t jobs) const {
  RunOptions options;
  options.data_directory = std::filesystem::absolute(places.data).string();
  options.kernel_cache = (std::filesystem::absolute(places.results) / "kernel_cache").string();
  options.device = device;
  options.threads = threads;
  options.ranks = ranks;
  if (threads == 0 && jobs > 1) {
    options.threads = std::max<int64_t>(1, static_cast<int64_t>(std::thread::hardware_concurrency()) / jobs);
  }
  options.clock = clock_mode_from_string(clock);
  options.hardware_class = hardware_class;
  options.seed = seed;
  if (max_steps > 0) options.max_steps = max_steps;
  if (budget_seconds > 0) options.budget_seconds = budget_seconds;
  options.ignore_targets = ignore_targets;
  options.step_graph = !no_step_graph;
  options.host_allocator = host_allocator_from_string(host_allocator);
  options.host_cache_gib = host_cache_gib;
  options.audit_sync = audit_sync;
  options.limits = limits;
  if (isolation.empty()) return options;
  options.isolation = isolation_level_from_string(isolation);
  if (const GrantedLevel granted = granted_level(*options.isolation); granted.level != *options.isolation)
    throw UserError({"isolation " + isolation + " is not possible here: " + granted.reason, "", "",
                     "or choose --isolation " + to_string(granted.level)});
  return options;
}

int sweep_and_report_progress(const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
                              int64_t jobs, bool measure_harness) {
  make_results_directory(results);
  warn_of_weaker_isolation(specs);
  SweepOptions options;
  options.results = std::filesystem::absolute(results);
  options.jobs = jobs;
  options.measure_harness = measure_harness;
  // The trial of `timetrial run` is resumed by the person who ran it.
  if (!measure_harness) options.resumes_after_kill.reset();
  SweepSummary summary;
  {
    ProgressDisplay display(specs, jobs);
    summary = run_sweep(specs, options, stop_on_signals(), display);
  }
  print_sync_audits(specs, options.results);
  if (summary.interrupted) {
    fmt::print(
        "Interrupted: {}.\n{} of {} trials are finished and kept; run the same command again to resume.\n",
        summary.message, summary.finished, specs.size());
    return kExitInterrupted;
  }
  return summary.troubled > 0 ? kExitTrouble : kExitDone;
}

std::string default_ruleset(const std::string& tier) {
  return tier == "mini" ? "demo" : "algoperf-v0.6-external";
}

}  // namespace timetrial
