#include "harness/controller/sweep.h"

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"
#include "harness/journal/disk_room.h"
#include "made_up_specs.h"

namespace timetrial {
namespace {

TEST(Interleave, TakesTheFirstTrialOfEachThenTheSecond) {
  std::vector<std::string> order;
  for (const TrialSpec& spec : interleave({trials_of("a", 2), trials_of("b", 3), trials_of("c", 1)}))
    order.push_back(spec.submission + std::to_string(spec.trial));
  EXPECT_THAT(order, ::testing::ElementsAre("a0", "b0", "c0", "a1", "b1", "b2"));
}

TEST(Interleave, OfNothingIsNothing) {
  EXPECT_TRUE(interleave({}).empty());
  EXPECT_TRUE(interleave({{}, {}}).empty());
}

TEST(Trouble, IsEveryEndThatIsTheSubmissionsFault) {
  for (const Outcome good : {Outcome::target_reached, Outcome::budget_exhausted, Outcome::step_limit,
                             Outcome::finished_by_submission, Outcome::futile}) {
    EXPECT_FALSE(is_trouble(good)) << to_string(good);
  }
  for (const Outcome bad : {Outcome::diverged, Outcome::failed, Outcome::hung, Outcome::crashed,
                            Outcome::out_of_memory, Outcome::killed, Outcome::harness_error}) {
    EXPECT_TRUE(is_trouble(bad)) << to_string(bad);
  }
}

TEST(Worker, SignalIsDescribedForPeople) {
  EXPECT_EQ(describe_signal(11), "SIGSEGV (Segmentation fault)");
  EXPECT_EQ(describe_signal(9), "SIGKILL (Killed)");
}

class Heard final : public SweepObserver {
 public:
  void trial_started(const TrialSpec&, const std::filesystem::path&) override { ++started; }
  void trial_ended(const TrialSpec&, const OutcomeRecord&, bool) override {}
  void trial_killed(const TrialSpec&, const std::string&) override {}
  void harness_measured(const NullMeasurement&) override { ++measured; }
  void harness_not_measured(const std::string& message) override { warning = message; }
  void disk_may_not_do(const std::string& message) override { disk_warning = message; }
  void tick(const std::vector<const TrialExecution*>&) override {}

  int started = 0;
  int measured = 0;
  std::string warning;
  std::string disk_warning;
};

class SweepTest : public FolderTest {
 protected:
  SweepSummary run(const std::vector<TrialSpec>& specs) {
    SweepOptions options;
    options.results = folder_;
    return run_sweep(specs, options, std::atomic<bool>(false), heard_);
  }

  Heard heard_;
};

TEST_F(SweepTest, OfNoTrialsMakesAnEmptyResultFile) {
  const SweepSummary summary = run({});
  EXPECT_EQ(summary.finished, 0);
  EXPECT_FALSE(summary.interrupted);
  EXPECT_TRUE(Store::open_read_only(result_file(folder_)).trials().empty());
  EXPECT_EQ(heard_.measured, 0);
}

TEST_F(SweepTest, GoesOnWhereTheHarnessCannotBeMeasured) {
  std::vector<TrialSpec> specs = trials_of("a", 1);
  specs[0].device = "no_such_device";
  EXPECT_THROW(run(specs), UserError);  // the trial itself cannot be run either
  EXPECT_EQ(heard_.started, 1);
  EXPECT_EQ(heard_.measured, 0);
  EXPECT_THAT(heard_.warning, ::testing::HasSubstr("no_such_device"));
  EXPECT_TRUE(Store::open_read_only(result_file(folder_)).null_measurements().empty());
}

// A trial of an earlier sweep tells how large checkpoints are.
TEST_F(SweepTest, SaysAheadThatTheDiskMayNotDoAndStopsWhereItCertainlyDoesNot) {
  const auto tell_of_a_checkpoint = [&](int64_t trial, int64_t bytes) {
    const TrialSpec spec = trials_of("a", trial + 1).back();
    const std::filesystem::path directory = trial_directory(folder_, spec);
    write_trial_spec(directory, spec);
    JournalWriter journal(directory);
    journal.append(StartRecord{});
    journal.append(CheckpointRecord{1, 1, "checkpoints/step-1.pt", bytes, "00000000"});
    journal.append(OutcomeRecord{});
  };
  const int64_t free = disk_room(folder_).free;
  tell_of_a_checkpoint(0, free / 3);
  run(trials_of("a", 1));
  EXPECT_EQ(heard_.disk_warning, "") << "nothing is left to run";
  std::vector<TrialSpec> specs = trials_of("a", 3);
  for (TrialSpec& spec : specs) spec.device = "no_such_device";
  EXPECT_THROW(run(specs), UserError);
  EXPECT_THAT(heard_.disk_warning, ::testing::HasSubstr("trials still to run need up to"));
  EXPECT_EQ(heard_.started, 1) << "it is tried all the same";

  tell_of_a_checkpoint(1, 2 * free);
  run({trials_of("a", 2).back()});
  try {
    run({specs.back()});
    ADD_FAILURE() << "no error";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("To cure it: free space on this disk"));
  }
  EXPECT_EQ(heard_.started, 1);
}

TEST_F(SweepTest, WithFinishedTrialsOnlyDoesNotMeasureTheHarness) {
  const std::vector<TrialSpec> specs = trials_of("a", 1);
  const std::filesystem::path directory = trial_directory(folder_, specs[0]);
  write_trial_spec(directory, specs[0]);
  JournalWriter journal(directory);
  journal.append(StartRecord{});
  journal.append(OutcomeRecord{});
  EXPECT_EQ(run(specs).finished, 1);
  EXPECT_EQ(heard_.measured, 0);
  EXPECT_EQ(heard_.warning, "");
}

}  // namespace
}  // namespace timetrial
