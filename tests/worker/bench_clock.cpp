// What not waiting for the device is worth: steps a second of full-tier models, trained as in a trial, with
// AdamW written plainly, with the sync-free one called in every step, and with its steps recorded and
// replayed; each with the sync-free clock and with the one that waits in every step. Data is made up in the
// official formats, a few examples a batch. TIMETRIAL_BENCH_DEVICE=cuda chooses the device (default: cpu,
// where nothing is recorded), TIMETRIAL_BENCH_BATCH_FACTOR=16 makes every batch 16 times as large.

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <string>

#include <benchmark/benchmark.h>

#include "../device/bench_device.h"
#include "../workloads/full_data_sets.h"
#include "harness/worker/timed_step.h"
#include "harness/worker/training_session.h"

namespace timetrial {
namespace {

constexpr int kWarmUpSteps = 8;

struct Writing {
  const char* name;
  const char* submission;
  bool is_recorded;
};

constexpr Writing kWritings[] = {{"adamw", "adamw", false},
                                 {"sync_free_adamw", "sync_free_adamw", false},
                                 {"sync_free_adamw_recorded", "sync_free_adamw", true}};

// How many times the examples of a batch that suits two cores.
int64_t batch_factor() {
  const char* factor = std::getenv("TIMETRIAL_BENCH_BATCH_FACTOR");
  return factor == nullptr ? 1 : std::stoll(factor);
}

TrialSpec spec_of(const FullDataSet& data_set, const Writing& writing, const std::string& data_directory) {
  TrialSpec spec;
  spec.submission_library = (std::filesystem::path(TIMETRIAL_SUBMISSION_DIR) / writing.submission)
                                .replace_extension(".so")
                                .string();
  spec.workload = data_set.workload;
  spec.tier = "full";
  spec.step_hint = 100000;
  spec.default_batch_size = spec.evaluation_batch_size = data_set.batch_size * batch_factor();
  spec.data_directory = data_directory;
  spec.step_graph = writing.is_recorded;
  return spec;
}

void run_steps(benchmark::State& state, const FullDataSet& data_set, const Writing& writing,
               ClockMode clock) {
  if (writing.is_recorded && !bench_device().can_record()) {
    state.SkipWithError("this device records nothing");
    return;
  }
  const MadeUpDataSet data(data_set);
  const TrialSpec spec = spec_of(data_set, writing, data.directory().string());
  constexpr double kEndless = std::numeric_limits<double>::infinity();
  Watchdog watchdog(kEndless, nullptr, [](const char*, double) {});
  TrainingSession session(spec, bench_device(), watchdog);
  TrialBudget budget({kEndless, kEndless, 0, StopRule::never}, {0, true, false, false});
  RankAgreement alone;
  StepSurroundings surroundings;
  bench_device().start_segment();
  for (int i = 0; i < kWarmUpSteps; ++i)
    timed_step(session, bench_device(), watchdog, budget, surroundings, clock, 0, alone);
  bench_device().drain();
  session.step_times().resolve();

  bench_device().start_segment();
  for (auto _ : state) timed_step(session, bench_device(), watchdog, budget, surroundings, clock, 0, alone);
  const double seconds = bench_device().drain();
  state.counters["batch_size"] = static_cast<double>(session.batch_size());
  state.counters["steps/s"] = static_cast<double>(state.iterations()) / seconds;
  if (const StepGraphs* graphs = session.step_graphs()) {
    state.counters["recordings"] = static_cast<double>(graphs->recordings());
    if (!graphs->problem().empty()) state.SetLabel(graphs->problem());
  }
}

void register_all() {
  for (const FullDataSet& data_set : full_data_sets()) {
    for (const Writing& writing : kWritings) {
      for (const ClockMode clock : {ClockMode::sync_free, ClockMode::per_step}) {
        const std::string name = data_set.workload + "/" + writing.name +
                                 (clock == ClockMode::per_step ? "/per-step" : "/sync-free");
        benchmark::RegisterBenchmark(name.c_str(),
                                     [&data_set, &writing, clock](benchmark::State& state) {
                                       run_steps(state, data_set, writing, clock);
                                     })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond)
            ->MinTime(4);
      }
    }
  }
}

}  // namespace
}  // namespace timetrial

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  timetrial::register_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
} catch (const std::exception& error) {  // the device cannot be opened
  std::cerr << error.what() << std::endl;
  return 1;
}
