// A trial's training where updates are recorded and replayed, on a device of the host that records.

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../workloads/mini_data.h"
#include "harness/device/device.h"
#include "harness/worker/training_session.h"
#include "harness/worker/watchdog.h"
#include "recording_device.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

constexpr int kSteps = 10;

TrialSpec mnist_spec(const std::string& library) {
  TrialSpec spec;
  spec.submission = "any";
  spec.submission_library = library;
  spec.workload = "mnist";
  spec.tier = "mini";
  spec.seed = 7;
  spec.step_hint = 100;
  spec.threads = 1;
  spec.default_batch_size = 64;
  spec.evaluation_batch_size = 2000;
  spec.data_directory = mini_data_directory("mnist").string();
  return spec;
}

TrialSpec capturable_spec() {
  return mnist_spec(std::string(TIMETRIAL_SUBMISSION_DIR) + "/sync_free_adamw.so");
}

std::string misbehaving(const std::string& name) {
  return std::string(TIMETRIAL_MISBEHAVING_DIR) + "/" + name + ".so";
}

// The session of a spec on a device, advanced by a few steps.
class Trained {
 public:
  Trained(const TrialSpec& spec, Device& device) : session_(spec, device, watchdog_) {
    StepSurroundings surroundings;
    for (int step = 0; step < kSteps; ++step) session_.advance(surroundings);
  }
  TrainingSession& session() { return session_; }

 private:
  Watchdog watchdog_{600, nullptr, [](const char*, double) {}};
  TrainingSession session_;
};

class RecordedTraining : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_MINI_DATA("mnist");
    at::set_num_threads(1);
  }

  RecordingDevice recording_;
};

TEST_F(RecordedTraining, EndsAtTheParametersOfOrdinaryUpdates) {
  const std::unique_ptr<Device> cpu = open_device("cpu");
  Trained ordinary(capturable_spec(), *cpu);
  Trained recorded(capturable_spec(), recording_);
  EXPECT_EQ(ordinary.session().step_graphs(), nullptr);
  ASSERT_NE(recorded.session().step_graphs(), nullptr);
  EXPECT_EQ(recorded.session().step_graphs()->recordings(), 1);
  EXPECT_EQ(recorded.session().step_graphs()->problem(), "");
  EXPECT_EQ(recorded.session().parameters_hash(), ordinary.session().parameters_hash());
}

TEST_F(RecordedTraining, IsForSubmissionsThatDeclareItAndTrialsThatAskForIt) {
  EXPECT_EQ(Trained(mnist_spec(misbehaving("plain_sgd")), recording_).session().step_graphs(), nullptr);
  TrialSpec spec = capturable_spec();
  spec.step_graph = false;
  EXPECT_EQ(Trained(spec, recording_).session().step_graphs(), nullptr);
}

TEST_F(RecordedTraining, FindsTargetsThatAnUpdateChanged) {
  try {
    Trained(mnist_spec(misbehaving("changes_targets_in_update")), recording_);
    FAIL() << "the change was not noticed";
  } catch (const SubmissionError& error) {
    EXPECT_THAT(error.what(), HasSubstr("it changed the targets of a batch"));
  }
}

}  // namespace
}  // namespace timetrial
