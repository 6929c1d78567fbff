#pragma once

// Rulesets and benchmark tables: the rules of the contest as data. rules.md is the normative text; a test
// checks that its numbers equal these files.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace timetrial {

// tuning/benchmarks/<name>.json: what one workload asks for in one version of the benchmark, on one hardware
// class.
struct WorkloadRules {
  std::string workload;  // folder under workloads/
  std::string variant;   // "" for the base workload
  std::string metric;    // "loss", "accuracy" …
  bool minimize = true;
  double validation_target = 0;
  std::optional<double> test_target;  // none where the workload has no test split
  double budget_seconds = 0;          // AlgoPerf: max_allowed_runtime_sec
  double evaluation_period_seconds = 0;
  int64_t evaluation_period_steps = 0;  // not 0: by steps instead of by the clock
  int64_t step_hint = 0;
  int64_t default_batch_size = 0;
  int64_t evaluation_batch_size = 0;
  double checkpoint_period_seconds = 0;  // 0: only after evaluations
  double stall_limit_seconds = 600;

  std::string full_name() const { return variant.empty() ? workload : workload + "_" + variant; }
};

struct Benchmark {
  std::string name;  // "algoperf-v0.6", "mini"
  std::string tier;  // "full" | "mini"
  std::string default_hardware_class;
  // hardware class -> full workload name -> rules
  std::map<std::string, std::map<std::string, WorkloadRules>> tables;

  // Throws UserError listing what there is.
  const WorkloadRules& rules(const std::string& hardware_class, const std::string& full_workload_name) const;
};

enum class TuningMode { external, self_tuning };

// How the reference's scorer is set up for this ruleset; results/ turns it into a score.
struct ScoringRules {
  double tau_max = 4.0;
  int64_t tau_points = 100;
  std::string trial_choice = "eval-index";  // or "time"
  std::string missing_study = "skip";       // or "inf"
  std::string ties = "first";               // or "last": trial order among equal evaluation indices
};

// tuning/rulesets/<name>.json
struct Ruleset {
  std::string name;
  int64_t version = 1;
  std::string description;
  TuningMode tuning = TuningMode::external;
  std::string benchmark;
  int64_t studies = 1;
  int64_t trials_per_study = 1;
  double budget_factor = 1.0;
  std::string stop_rule = "both_targets";  // "validation_target" | "both_targets" | "never"
  std::vector<std::string> workloads;      // full names that count in the score
  std::vector<std::string> held_out;       // full names
  // Kernels that are compiled or chosen at run time: "cold", every trial begins without any and pays for them
  // on the clock, or "warm", it may take those that earlier trials left.
  std::string kernel_cache = "cold";
  // How much the reference kernels may drift within a trial before it is flagged, as a share; 0: not looked
  // at.
  double reference_drift = 0;
  // A trial that can no longer speak for its study ends as `futile`; no score is changed by it.
  bool futility_stop = false;
  // How submissions are kept apart: "none" | "process" | "sandbox" | "strict". A machine that grants less
  // gives less, and the trial says so.
  std::string isolation = "process";
  ScoringRules scoring;
};

// `name_or_file`: a built-in name or the path of a JSON file. Throws UserError naming the field and the file,
// also for a ruleset file that bears a built-in name.
Ruleset load_ruleset(const std::string& name_or_file);
Benchmark load_benchmark(const std::string& name_or_file);
std::vector<std::string> builtin_rulesets();
std::vector<std::string> builtin_benchmarks();

Ruleset parse_ruleset(const std::string& json, const std::string& where);
Benchmark parse_benchmark(const std::string& json, const std::string& where);

}  // namespace timetrial
