// What the harness itself costs: per step with an empty submission on an empty workload, and at start-up.

#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>

#include <benchmark/benchmark.h>

#include "harness/memory/huge_page_regions.h"
#include "harness/worker/empty_session.h"
#include "harness/worker/memory_phases.h"
#include "harness/worker/timed_step.h"

namespace timetrial {
namespace {

// `every`: one in so many steps is sampled.
void harness_time_per_step(benchmark::State& state, ClockMode clock, int64_t every) {
  const std::unique_ptr<Device> device = open_device("cpu");
  Watchdog watchdog(std::numeric_limits<double>::infinity(), nullptr, [](const char*, double) {});
  StepTimes step_times(*device, 0, every);
  EmptySession session(watchdog, step_times);
  TrialBudget budget(
      {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), 0, StopRule::never},
      {0, true, false, false});
  RankAgreement alone;
  StepSurroundings surroundings;
  device->start_segment();
  for (auto step : state) {
    benchmark::DoNotOptimize(timed_step(session, *device, watchdog, budget, surroundings, clock, 0, alone));
  }
}
BENCHMARK_CAPTURE(harness_time_per_step, sync_free, ClockMode::sync_free, kStepsPerSample);
BENCHMARK_CAPTURE(harness_time_per_step, per_step, ClockMode::per_step, kStepsPerSample);
BENCHMARK_CAPTURE(harness_time_per_step, never_sampled, ClockMode::sync_free, int64_t{1} << 40);
BENCHMARK_CAPTURE(harness_time_per_step, always_sampled, ClockMode::sync_free, 1);

// Where the clock starts and where it stops.
void memory_phase_change(benchmark::State& state) {
  const std::unique_ptr<Device> device = open_device("cpu");
  HugePageRegions regions;
  CachingAllocator allocator(regions, 0);
  ProcessMemory memory(*device, &allocator);
  MemoryPhases phases(memory);
  for (auto change : state) phases.enter(MemoryPhase::training);
}
BENCHMARK(memory_phase_change);

void program_start(benchmark::State& state, const std::string& command) {
  const std::string folder = std::filesystem::canonical("/proc/self/exe").parent_path().string();
  const std::string line = "'" + folder + "'/" + command + " > /dev/null";
  for (auto start : state) {
    if (std::system(line.c_str()) != 0) {
      state.SkipWithError(("failed: " + line).c_str());
      return;
    }
  }
}
BENCHMARK_CAPTURE(program_start, timetrial, "timetrial list rulesets")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(program_start, timetrial_worker, "timetrial-worker describe")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace timetrial

BENCHMARK_MAIN();
