#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

#include "timetrial/submission.h"

namespace timetrial {
namespace {

class Quiet : public Submission {
 public:
  void initialize(const Initialization& /*initialization*/) override {}
  void update(Step& /*step*/) override {}
  void save(State& state) const override { state.put_integer("saved", 1); }
  void load(const State& state) override { state.get_integer("saved"); }
};

class Faulty : public Quiet {
 public:
  int64_t batch_size(const WorkloadSummary& /*workload*/) override { throw std::runtime_error("no size"); }
  void initialize(const Initialization& /*initialization*/) override { throw 42; }
  Batch select_batch(TrainingQueue& /*queue*/) override { throw std::out_of_range("no batch"); }
  void save(State& /*state*/) const override { throw std::logic_error("no save"); }
};

class FailsToStart : public Quiet {
 public:
  FailsToStart() { throw std::runtime_error("no start"); }
};

template <typename Class>
struct Loaded {
  SubmissionTable table = make_submission_table<Class>();
  CallResult result;
  std::unique_ptr<Submission, void (*)(Submission*) noexcept> submission{table.create(result), table.destroy};
};

class OneBatch : public TrainingQueue {
 public:
  Batch next() override { return {{}, 7}; }
};

TEST(Boundary, StatesTheVersionsItWasCompiledWith) {
  const SubmissionTable table = make_submission_table<Quiet>();
  EXPECT_EQ(table.api_version, kApiVersion);
  EXPECT_EQ(table.table_bytes, sizeof(SubmissionTable));
  EXPECT_STREQ(table.libtorch_version, TORCH_VERSION);
}

TEST(Boundary, CallsThatEndWellLeaveTheResultUntouched) {
  Loaded<Quiet> loaded;
  ASSERT_NE(loaded.submission, nullptr);
  const WorkloadSummary workload{"mnist", "mini", 64};
  EXPECT_EQ(loaded.table.batch_size(*loaded.submission, workload, loaded.result), 64);
  OneBatch queue;
  Batch batch;
  loaded.table.select_batch(*loaded.submission, queue, batch, loaded.result);
  EXPECT_EQ(batch.examples, 7);
  State state;
  loaded.table.save(*loaded.submission, state, loaded.result);
  loaded.table.load(*loaded.submission, state, loaded.result);
  loaded.table.resume_training(*loaded.submission, loaded.result);
  EXPECT_FALSE(loaded.result.failed);
  EXPECT_EQ(loaded.result.message, "");
}

TEST(Boundary, ThrownStdExceptionBecomesItsMessage) {
  Loaded<Faulty> loaded;
  loaded.table.batch_size(*loaded.submission, {}, loaded.result);
  EXPECT_TRUE(loaded.result.failed);
  EXPECT_EQ(loaded.result.message, "no size");
}

TEST(Boundary, ThrownIntBecomesAFailureToo) {
  Loaded<Faulty> loaded;
  const Hyperparameters none;
  loaded.table.initialize(*loaded.submission, Initialization{{}, none}, loaded.result);
  EXPECT_TRUE(loaded.result.failed);
  EXPECT_EQ(loaded.result.message, "something that is not a std::exception was thrown");
}

TEST(Boundary, FailedSelectBatchLeavesTheBatchEmpty) {
  Loaded<Faulty> loaded;
  OneBatch queue;
  Batch batch;
  loaded.table.select_batch(*loaded.submission, queue, batch, loaded.result);
  EXPECT_EQ(loaded.result.message, "no batch");
  EXPECT_EQ(batch.examples, 0);
}

TEST(Boundary, FailureInSaveAndErrorOfTheHarnessInLoadAreReported) {
  Loaded<Faulty> loaded;
  State state;
  loaded.table.save(*loaded.submission, state, loaded.result);
  EXPECT_EQ(loaded.result.message, "no save");
  loaded.table.load(*loaded.submission, state, loaded.result);
  EXPECT_NE(loaded.result.message.find("there is no 'saved'"), std::string::npos) << loaded.result.message;
}

TEST(Boundary, ThrowingConstructorYieldsNoObject) {
  Loaded<FailsToStart> loaded;
  EXPECT_EQ(loaded.submission, nullptr);
  EXPECT_EQ(loaded.result.message, "no start");
}

}  // namespace
}  // namespace timetrial
