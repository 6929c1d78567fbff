#include "harness/worker/null_measurement.h"

#include <chrono>
#include <functional>
#include <limits>

#include <ATen/Parallel.h>

#include "harness/journal/journal.h"
#include "harness/journal/unix_seconds.h"
#include "harness/machine/machine.h"
#include "harness/worker/checkpoint.h"
#include "harness/worker/evaluation_log.h"
#include "harness/worker/harness_overhead.h"
#include "harness/worker/phase_ledger.h"
#include "harness/worker/provenance.h"
#include "harness/worker/step_times.h"

namespace timetrial {

namespace {

constexpr double kForever = std::numeric_limits<double>::infinity();
constexpr double kMedian = 0.5;
constexpr double kSlowest = 0.99;
constexpr int64_t kRounds = 200;
constexpr int64_t kStepsPerRound = 100;
constexpr int64_t kDiskRounds = 15;
constexpr int64_t kNeverSampled = int64_t{1} << 40;

// Median seconds of a call.
double seconds_of(int64_t rounds, const std::function<void()>& call) {
  std::vector<double> seconds;
  for (int64_t i = 0; i < rounds; ++i) {
    const double begin = steady_seconds();
    call();
    seconds.push_back(steady_seconds() - begin);
  }
  return quantile_of(seconds, kMedian);
}

void measure_steps(Device& device, std::map<std::string, double>& seconds) {
  harness_seconds_per_step(device, ClockMode::sync_free, 3, kStepsPerRound);  // warms up
  const auto steps = harness_seconds_per_step(device, ClockMode::sync_free, kRounds, kStepsPerRound);
  seconds["step"] = quantile_of(steps, kMedian);
  seconds["step_slowest"] = quantile_of(steps, kSlowest);
  const auto synchronised = harness_seconds_per_step(device, ClockMode::per_step, kRounds, kStepsPerRound);
  seconds["step_synchronised"] = quantile_of(synchronised, kMedian);
  seconds["step_synchronised_slowest"] = quantile_of(synchronised, kSlowest);
  const auto sampled = harness_seconds_per_step(device, ClockMode::sync_free, kRounds, kStepsPerRound, 1);
  const auto plain =
      harness_seconds_per_step(device, ClockMode::sync_free, kRounds, kStepsPerRound, kNeverSampled);
  seconds["sampled_step"] = quantile_of(sampled, kMedian) - quantile_of(plain, kMedian);
}

double measure_clock(Device& device) {
  StepTimes step_times(device, 0);
  PhaseLedger ledger(steady_seconds());
  device.start_segment();
  const double seconds = seconds_of(kRounds, [&] {
    device.drain();
    step_times.resolve();
    ledger.enter(Phase::residual, steady_seconds());
    ledger.enter(Phase::submission, steady_seconds());
    device.start_segment();
  });
  device.drain();
  return seconds;
}

EvaluationRecord an_evaluation() {
  EvaluationRecord record;
  for (const char* split : {"train", "validation", "test"}) {
    record.metrics[std::string(split) + "/loss"] = 0.5;
    record.metrics[std::string(split) + "/accuracy"] = 0.5;
  }
  return record;
}

double measure_evaluation() {
  const MetricTarget target{"accuracy", MetricGoal::maximize, 1, 1};
  TrialBudget budget({kForever, kForever, 0, StopRule::never});
  Watchdog watchdog(kForever, nullptr, [](const char*, double) {});
  std::vector<EvaluationResult> shown;
  EvaluationLog log(target, budget, watchdog, shown);
  const EvaluationRecord record = an_evaluation();
  return seconds_of(kRounds, [&] { log.note(record); });
}

}  // namespace

NullMeasurement measure_harness(Device& device, const std::filesystem::path& folder) {
  const double begin = steady_seconds();
  NullMeasurement measurement;
  measurement.unix_seconds = unix_seconds();
  measurement.build = describe_build();
  measurement.machine = describe_machine();
  measurement.machine.merge(device.describe());
  measurement.machine["threads"] = std::to_string(at::get_num_threads());
  measure_steps(device, measurement.seconds);
  measurement.seconds["clock_stop_and_start"] = measure_clock(device);
  measurement.seconds["evaluation"] = measure_evaluation();
  JournalWriter journal(folder);
  const EvaluationRecord record = an_evaluation();
  measurement.seconds["journal_record"] = seconds_of(kDiskRounds, [&] { journal.append(record); });
  int64_t step = 0;
  measurement.seconds["checkpoint"] =
      seconds_of(kDiskRounds, [&] { write_checkpoint(folder, ++step, 0, Checkpoint{}); });
  measurement.seconds["measurement"] = steady_seconds() - begin;
  return measurement;
}

}  // namespace timetrial
