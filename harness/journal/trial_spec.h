#pragma once

// trial.json: everything a worker needs to run one trial, and nothing else. Written once by the controller,
// never changed afterwards. Seconds are submission-clock seconds unless named otherwise.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "harness/journal/isolation_level.h"

namespace timetrial {

using HyperparameterValue = std::variant<double, bool, std::string>;
using HyperparameterMap = std::map<std::string, HyperparameterValue>;

enum class MetricGoal { minimize, maximize };
enum class StopRule {
  validation_target,
  both_targets,
  never
};  // never: only budget and step limit end a trial
enum class ClockMode { sync_free, per_step };
// What one trial may take of the machine; enforced from IsolationLevel::process on. 0: no limit.
struct TrialLimits {
  double memory_gib = 0;   // of all its processes together, on the host
  int64_t processes = 64;  // at one time
  double disk_gib = 64;    // in the trial directory

  bool operator==(const TrialLimits&) const = default;
};

enum class HostAllocator { caching, system };  // of CPU tensors: harness/memory's, or LibTorch's own

// Throw UserError listing the choices.
StopRule stop_rule_from_string(const std::string& text);
ClockMode clock_mode_from_string(const std::string& text);
HostAllocator host_allocator_from_string(const std::string& text);
std::string to_string(HostAllocator allocator);

struct MetricTarget {
  std::string metric;  // "loss", "accuracy" …
  MetricGoal goal = MetricGoal::minimize;
  double validation = 0;
  std::optional<double> test;  // none where the workload has no test split: nothing then to be reached

  // NaN never reaches a target; equality does (AlgoPerf's scorer).
  bool reached(double value, double target) const {
    return goal == MetricGoal::minimize ? value <= target : value >= target;
  }
  bool test_reached(double value) const { return !test || reached(value, *test); }
};

struct TrialSpec {
  // What is measured.
  std::string submission;          // name, as in the score table
  std::string submission_library;  // absolute path of the .so
  std::string submission_sha256;
  std::string workload;
  std::string variant;  // "" for the base workload
  std::string tier;     // "full" | "mini"
  HyperparameterMap hyperparameters;
  std::string hyperparameter_source;  // "halton point 3 of 15", "list entry 1 of 5", "self-tuning"

  // Under which rules.
  std::string ruleset;  // name of the rule file
  int64_t ruleset_version = 1;
  std::string benchmark;       // table of targets and budgets
  std::string hardware_class;  // row of that table
  int64_t study = 0;
  int64_t trial = 0;
  uint64_t seed = 0;
  MetricTarget target;
  StopRule stop_rule = StopRule::both_targets;
  double budget_seconds = 0;
  double evaluation_period_seconds = 0;
  int64_t evaluation_period_steps = 0;  // not 0: evaluate by steps instead of by the clock
  int64_t step_hint = 0;
  int64_t max_steps = 0;  // 0: no limit
  int64_t default_batch_size = 0;
  int64_t evaluation_batch_size = 0;
  bool futility_stop = false;  // end a trial that can no longer speak for its study (futility.h)
  double reference_drift = 0;  // what the reference kernels may drift in it, as a share; 0: not looked at

  // How it is run.
  std::string data_directory;
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
  int64_t threads = 0;         // of all ranks on a machine together; 0: all cores
  int64_t ranks = 1;           // processes that share every batch
  ClockMode clock = ClockMode::sync_free;
  double checkpoint_period_seconds = 0;  // 0: only after evaluations
  double stall_limit_seconds = 600;      // wall seconds one call of the submission may take
  HostAllocator host_allocator = HostAllocator::caching;
  double host_cache_gib =
      0;  // what the caching allocator may hold before it gives back free blocks; 0: no limit
  std::string kernel_cache;  // folder of kernels compiled by earlier trials; "": begin without any
  bool step_graph = true;    // record the updates of capturable submissions where the device can
  IsolationLevel isolation = IsolationLevel::none;  // asked for; a StartRecord tells what was in force
  TrialLimits limits;
  bool audit_sync = false;  // look for places where the host waits for the device; costs time
};

// "criteo1tb" or "criteo1tb_layernorm": the column of a score table.
std::string full_workload_name(const TrialSpec& spec);

// "demo/adamw/study_0/mnist/trial_1-3f2a9c01": the place of a trial directory below a results directory. The
// digits are a checksum of the whole spec: the same trial finds its directory again, another one never meets
// it.
std::filesystem::path trial_path(const TrialSpec& spec);

std::string trial_spec_to_json(const TrialSpec& spec);

// Throws UserError naming the field that is missing, unknown, of the wrong type or out of range.
TrialSpec trial_spec_from_json(const std::string& text, const std::string& where);

void write_trial_spec(const std::filesystem::path& trial_directory, const TrialSpec& spec);
TrialSpec read_trial_spec(const std::filesystem::path& trial_directory);

}  // namespace timetrial
