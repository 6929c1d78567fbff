// Files of a trial that were damaged between two runs.

#include <fstream>

#include "end_to_end.h"
#include "running_trial.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int64_t kDamagedTrialSteps = 6000;

class Damaged : public EndToEnd {
 protected:
  // Leaves a trial with two checkpoints at least.
  void run_and_kill() const {
    RunningTrial trial(command(fixed_trial("adamw", "mnist", kDamagedTrialSteps, results())), results());
    ASSERT_TRUE(trial.reaches(1, 3));
    trial.kill_worker();
    EXPECT_EQ(trial.program().finish().exit_code, kInterrupted);
  }
};

TEST_F(Damaged, NewestCheckpointIsReplacedByTheOneBefore) {
  ASSERT_NO_FATAL_FAILURE(run_and_kill());
  const std::filesystem::path directory = only_trial(results());
  const std::vector<CheckpointRecord> checkpoints = records_of<CheckpointRecord>(directory);
  ASSERT_GE(checkpoints.size(), 3U);
  const CheckpointRecord& newest = checkpoints.back();
  std::filesystem::resize_file(directory / newest.file, static_cast<uintmax_t>(newest.bytes) / 2);

  const ProgramEnd end = timetrial(fixed_trial("adamw", "mnist", kDamagedTrialSteps, results()));
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  EXPECT_EQ(records_of<StartRecord>(directory).back().resumed_from_step,
            checkpoints[checkpoints.size() - 2].step);
  const std::vector<WarningRecord> warnings = records_of<WarningRecord>(directory);
  EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(),
                          [&](const WarningRecord& warning) {
                            return warning.message.find(newest.file + ": damaged") != std::string::npos;
                          }))
      << "of " << warnings.size() << " warnings";
  const std::filesystem::path reference = folder() / "reference";
  EXPECT_EQ(timetrial(fixed_trial("adamw", "mnist", kDamagedTrialSteps, reference)).exit_code, kDone);
  EXPECT_EQ(final_hash(directory), final_hash(only_trial(reference)));
}

TEST_F(Damaged, WithoutAnyWholeCheckpointTheTrialStartsAgain) {
  ASSERT_NO_FATAL_FAILURE(run_and_kill());
  const std::filesystem::path directory = only_trial(results());
  std::filesystem::remove_all(directory / "checkpoints");
  const ProgramEnd end = timetrial(fixed_trial("adamw", "mnist", kDamagedTrialSteps, results()));
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  EXPECT_EQ(records_of<StartRecord>(directory).back().resumed_from_step, -1);
  const std::vector<EvaluationRecord> kept = stored(results()).at(0).evaluations;
  for (size_t i = 1; i < kept.size(); ++i) EXPECT_GT(kept[i].step, kept[i - 1].step);
}

TEST_F(Damaged, SpecIsAnErrorThatNamesTheFile) {
  const std::vector<std::string> arguments = fixed_trial("adamw", "mnist", 20, results());
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  const std::filesystem::path file = only_trial(results()) / "trial.json";
  std::filesystem::remove(file.parent_path() / "journal.log");
  std::ofstream(file) << "{ \"submission\": ";
  const ProgramEnd end = timetrial(arguments);
  EXPECT_EQ(end.exit_code, kUserError) << end.output;
  EXPECT_THAT(end.output, AllOf(HasSubstr(file.string()), HasSubstr("To cure it")));
}

TEST_F(Damaged, ResultFileIsAnErrorThatNamesTheFile) {
  const std::vector<std::string> arguments = fixed_trial("adamw", "mnist", 20, results());
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  for (const char* ending : {"-wal", "-shm"})
    std::filesystem::remove(results() / ("results.sqlite" + std::string(ending)));
  std::ofstream(results() / "results.sqlite") << std::string(10000, 'x');
  for (const std::vector<std::string>& command :
       {arguments, {"list", "trials", "--results", results().string()}}) {
    const ProgramEnd end = timetrial(command);
    EXPECT_EQ(end.exit_code, kUserError) << end.output;
    EXPECT_THAT(end.output, AllOf(HasSubstr("results.sqlite"), HasSubstr("To cure it")));
  }
}

TEST_F(Damaged, LostResultFileIsMadeAgainFromTheTrials) {
  const std::vector<std::string> arguments = fixed_trial("adamw", "mnist", 20, results());
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  const size_t evaluations = stored(results()).at(0).evaluations.size();
  for (const char* ending : {"", "-wal", "-shm"})
    std::filesystem::remove(results() / ("results.sqlite" + std::string(ending)));
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  ASSERT_EQ(stored(results()).size(), 1U);
  EXPECT_EQ(stored(results())[0].evaluations.size(), evaluations);
}

}  // namespace
}  // namespace timetrial
