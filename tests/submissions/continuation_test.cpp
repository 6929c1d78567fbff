// A trial that goes on from a checkpoint file ends with the very bits of one that was never stopped: every
// submission on real workloads, with their data pipeline, random numbers and normalisation statistics.
//
// TIMETRIAL_ALL_WORKLOADS=1 takes all mini workloads instead of the quick ones.

#include <cstdlib>

#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/worker/training_session.h"
#include "harness/worker/watchdog.h"
#include "submission_table.h"
#include "tuning/ruleset.h"

namespace timetrial {
namespace {

constexpr int64_t kStepsBefore = 3;
constexpr int64_t kStepsAfter = 3;

std::vector<std::string> tested_workloads() {
  if (std::getenv("TIMETRIAL_ALL_WORKLOADS") == nullptr) return {"mnist", "criteo1tb", "ogbg"};
  return load_ruleset("mini-self").workloads;
}

struct Continuation {
  SubmissionCase submission;
  std::string workload;
};

void PrintTo(const Continuation& continuation, std::ostream* out) {
  *out << continuation.submission.library << " on " << continuation.workload;
}

std::vector<Continuation> continuations() {
  std::vector<Continuation> all;
  for (const std::string& workload : tested_workloads()) {
    for (const SubmissionCase& submission : submission_cases()) all.push_back({submission, workload});
  }
  return all;
}

class EveryTrial : public testing::TestWithParam<Continuation> {
 protected:
  void SetUp() override {
    const char* data = std::getenv("TIMETRIAL_DATA");
    if (data == nullptr) GTEST_SKIP() << "TIMETRIAL_DATA names no data directory";
    const Benchmark benchmark = load_benchmark("mini");
    const WorkloadRules& rules = benchmark.rules(benchmark.default_hardware_class, GetParam().workload);
    spec_.submission = GetParam().submission.library;
    spec_.submission_library = built_submission(spec_.submission).string();
    spec_.hyperparameters = GetParam().submission.point;
    // Its point is for tiny problems: a real model would be cut into tens of thousands of blocks.
    if (spec_.submission == "distributed_shampoo") spec_.hyperparameters["max_preconditioner_dim"] = 128.0;
    spec_.workload = rules.workload;
    spec_.tier = benchmark.tier;
    spec_.seed = 17;
    spec_.target = {rules.metric, rules.minimize ? MetricGoal::minimize : MetricGoal::maximize,
                    rules.validation_target, rules.test_target};
    spec_.step_hint = rules.step_hint;
    spec_.default_batch_size = rules.default_batch_size;
    spec_.evaluation_batch_size = rules.evaluation_batch_size;
    spec_.data_directory = data;
    at::set_num_threads(1);
  }

  // As the timed loop does it around an evaluation, but for the evaluation.
  static void pause(TrainingSession& session) {
    session.prepare_for_eval();
    session.resume_training();
  }

  static void train(TrainingSession& session, int64_t steps) {
    StepSurroundings surroundings;
    surroundings.clock.budget_seconds = 1000;
    for (int64_t i = 0; i < steps; ++i) {
      surroundings.clock.elapsed_seconds = static_cast<double>(session.step());  // not that of this machine
      session.advance(surroundings);
    }
  }

  TrialSpec spec_;
  std::unique_ptr<Device> device_ = open_device("cpu");
  Watchdog watchdog_{1e9, nullptr, [](const char*, double) {}};
};

TEST_P(EveryTrial, GoesOnFromItsCheckpointBitForBit) {
  const TemporaryFolder folder;
  TrainingSession whole(spec_, *device_, watchdog_);
  train(whole, kStepsBefore);
  pause(whole);
  const std::string hash_before = whole.parameters_hash();
  const CheckpointRecord record = write_checkpoint(folder.path(), whole.step(), 1.5, whole.snapshot());
  train(whole, kStepsAfter);
  pause(whole);
  EXPECT_NE(whole.parameters_hash(), hash_before);
  const Checkpoint right =
      whole.snapshot();  // before another session uses the random generator of the process

  std::vector<std::string> problems;
  const std::optional<CheckpointRecord> found = find_checkpoint(folder.path(), {record}, problems);
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(problems, testing::IsEmpty());
  TrainingSession resumed(spec_, *device_, watchdog_);
  resumed.restore(read_checkpoint(folder.path() / found->file));
  EXPECT_EQ(resumed.step(), kStepsBefore);
  EXPECT_EQ(resumed.parameters_hash(), hash_before);
  train(resumed, kStepsAfter);
  pause(resumed);
  EXPECT_EQ(resumed.parameters_hash(), whole.parameters_hash());
  EXPECT_EQ(resumed.losses().last_loss(), whole.losses().last_loss());

  // Not the parameters alone: whatever either would do from here on.
  const Checkpoint left = resumed.snapshot();
  ASSERT_EQ(left.tensors.size(), right.tensors.size());
  for (const auto& [name, tensor] : left.tensors)
    EXPECT_TRUE(at::equal(tensor, right.tensors.at(name))) << name;
  EXPECT_EQ(left.integers, right.integers);
}

INSTANTIATE_TEST_SUITE_P(All, EveryTrial, testing::ValuesIn(continuations()), [](const auto& test) {
  return test.param.submission.library + "_" + test.param.workload;
});

}  // namespace
}  // namespace timetrial
