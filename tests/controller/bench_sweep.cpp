// What a sweep costs beside its trials: trials that take no time, by the real controller.

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "../exchange/million_trials.h"
#include "../results/made_up_trials.h"
#include "harness/controller/sweep.h"
#include "harness/controller/sweep_plan.h"

namespace timetrial {
namespace {

constexpr int64_t kTrials = 10'000;

class Silent final : public SweepObserver {
 public:
  void trial_started(const TrialSpec&, const std::filesystem::path&) override {}
  void trial_ended(const TrialSpec&, const OutcomeRecord&, bool) override {}
  void trial_killed(const TrialSpec&, const std::string&) override {}
  void harness_measured(const NullMeasurement&) override {}
  void harness_not_measured(const std::string&) override {}
  void disk_may_not_do(const std::string&) override {}
  void tick(const std::vector<const TrialExecution*>&) override {}
};

// As a study plan makes them: they differ in place, seed and hyperparameters.
std::vector<TrialSpec> planned(int64_t count) {
  std::vector<TrialSpec> specs;
  for (int64_t i = 0; i < count; ++i) {
    TrialSpec spec;
    spec.submission = "nothing_" + std::to_string(i % 10);
    spec.submission_library = "/opt/timetrial/share/timetrial/submissions/nothing.so";
    spec.submission_sha256 = std::string(64, static_cast<char>('a' + i % 10));
    spec.workload = "workload_" + std::to_string(i / 10 % 10);
    spec.tier = "full";
    spec.hyperparameters = {{"learning_rate", 1e-3 * static_cast<double>(i + 1) / 7},
                            {"one_minus_beta1", 0.1},
                            {"beta2", 0.999},
                            {"weight_decay", 0.01},
                            {"warmup_factor", 0.05}};
    spec.hyperparameter_source = "halton point " + std::to_string(i / 100 + 1) + " of 100";
    spec.ruleset = "empty-trials";
    spec.benchmark = "empty-trials";
    spec.hardware_class = "any";
    spec.study = i / 100 % 5;
    spec.trial = i / 500;
    spec.seed = 0x9e3779b97f4a7c15U * static_cast<uint64_t>(i + 1);
    spec.target = {"loss", MetricGoal::minimize, 0.123735, 0.126041};
    spec.budget_seconds = 7703;
    spec.evaluation_period_seconds = 300;
    spec.step_hint = 10'666;
    spec.default_batch_size = 262'144;
    spec.evaluation_batch_size = 524'288;
    spec.data_directory = "/shared/data/timetrial";
    spec.threads = 8;
    spec.checkpoint_period_seconds = 600;
    specs.push_back(spec);
  }
  return specs;
}

double cpu_seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// "VmHWM" since it was last reset.
double peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kilobytes = 0;
    status >> kilobytes;
    return kilobytes / 1024;
  }
  return 0;
}

double file_bytes(const std::filesystem::path& file) {
  double bytes = 0;
  for (const char* ending : {"", "-wal"}) {
    std::error_code absent;
    const auto size = std::filesystem::file_size(file.string() + ending, absent);
    if (!absent) bytes += static_cast<double>(size);
  }
  return bytes;
}

// Once only: it is large.
const std::filesystem::path& million_trials() {
  static const ScratchDirectory folder;
  static const std::filesystem::path file = [] {
    std::filesystem::path path = folder.path() / "million.sqlite";
    write_large_field(path, LargeField{});
    return path;
  }();
  return file;
}

// Trials at a time, seconds that each takes, trials that the result file holds already.
void empty_trials(benchmark::State& state) {
  const ScratchDirectory folder;
  const std::filesystem::path file = result_file(folder.path());
  if (state.range(2) != 0) std::filesystem::copy_file(million_trials(), file);
  ::setenv("EMPTY_TRIAL_SECONDS", std::to_string(state.range(1)).c_str(), 1);
  const std::vector<TrialSpec> specs = planned(kTrials);
  SweepOptions options;
  options.results = folder.path();
  options.jobs = state.range(0);
  options.measure_harness = false;
  const double bytes_before = file_bytes(file);
  std::ofstream("/proc/self/clear_refs") << "5";
  const double own_before = cpu_seconds(RUSAGE_SELF);
  SweepSummary summary;
  double planning = 0;
  for (auto iteration : state) {
    Silent silent;
    const auto begin = std::chrono::steady_clock::now();
    write_sweep_plan(options.results, make_sweep_plan(specs, SweepKind::local, options.jobs), specs);
    planning = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    summary = run_sweep(specs, options, std::atomic<bool>(false), silent);
  }
  if (summary.finished != kTrials)
    state.SkipWithError(("only some trials ended: " + summary.message).c_str());
  const auto trials = static_cast<double>(kTrials);
  state.counters["controller_ms_per_trial"] = 1e3 * (cpu_seconds(RUSAGE_SELF) - own_before) / trials;
  state.counters["planning_ms_per_trial"] = 1e3 * planning / trials;
  state.counters["bytes_per_trial"] = (file_bytes(file) - bytes_before) / trials;
  state.counters["peak_MB"] = peak_megabytes();
}
BENCHMARK(empty_trials)
    ->ArgNames({"at_a_time", "seconds", "history"})
    ->Args({2, 0, 0})
    ->Args({1000, 5, 0})
    ->Args({2, 0, 1})
    ->Iterations(1)
    ->Unit(benchmark::kSecond)
    ->UseRealTime();

}  // namespace
}  // namespace timetrial

BENCHMARK_MAIN();
