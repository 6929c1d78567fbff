#include "harness/cluster/slurm_sweep.h"

#include <cstdlib>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/cluster/program_call.h"
#include "harness/errors/user_error.h"
#include "harness/journal/journal.h"

namespace timetrial {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SubmitArguments, SayEverythingThatWasAskedFor) {
  SlurmSettings settings;
  settings.partition = "a100";
  settings.gres = "gpu:1";
  settings.time = "8:00:00";
  settings.cpus = 8;
  settings.memory = "64G";
  settings.max_concurrent = 40;
  settings.grace_seconds = 180;
  settings.sbatch_arguments = {"--account=vision"};
  const std::vector<std::string> arguments =
      submit_arguments(settings, {"timetrial-x-1", 1000, ""}, "0-3,7", {"17", "18"}, "/results/sweeps/x");
  EXPECT_THAT(arguments, Contains("--job-name=timetrial-x-1"));
  EXPECT_THAT(arguments, Contains("--array=0-3,7%40"));
  EXPECT_THAT(arguments, Contains("--requeue"));
  EXPECT_THAT(arguments, Contains("--signal=B:TERM@180"));
  EXPECT_THAT(arguments, Contains("--partition=a100"));
  EXPECT_THAT(arguments, Contains("--gres=gpu:1"));
  EXPECT_THAT(arguments, Contains("--time=8:00:00"));
  EXPECT_THAT(arguments, Contains("--cpus-per-task=8"));
  EXPECT_THAT(arguments, Contains("--mem=64G"));
  EXPECT_THAT(arguments, Contains("--dependency=afterany:17:18"));
  ASSERT_GE(arguments.size(), 3U);
  EXPECT_THAT(std::vector<std::string>(arguments.end() - 3, arguments.end()),
              ElementsAre("--account=vision", "/results/sweeps/x/job.sh", "1000"));
}

TEST(SubmitArguments, LeaveTheRestToTheCluster) {
  for (const std::string& argument : submit_arguments({}, {"name", 0, ""}, "0", {}, "/results/sweeps/x")) {
    for (const char* option : {"--partition", "--gres", "--time", "--cpus", "--mem", "--dependency"})
      EXPECT_THAT(argument, Not(HasSubstr(option)));
    EXPECT_THAT(argument, Not(HasSubstr("%4")));
  }
}

TEST(JobScript, CallsTheProgramWithThePlaceOfItsTrial) {
  const TemporaryFolder folder;
  const std::filesystem::path program =
      folder.write("it's here/timetrial", "#!/bin/bash\nprintf '%s|' \"$@\"\necho \"$MODULE\"\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  SlurmSettings settings;
  settings.setup = {"export MODULE=cuda"};
  const std::filesystem::path script =
      folder.write("job.sh", job_script(settings, program, "/a folder/results", "1a2b3c4d"));
  ::setenv("SLURM_ARRAY_TASK_ID", "7", 1);
  const ProgramResult result = call_program({"bash", script.string(), "3000"}, 60);
  ::unsetenv("SLURM_ARRAY_TASK_ID");
  EXPECT_EQ(result.errors, "");
  EXPECT_EQ(result.output, "task|1a2b3c4d|3007|--results|/a folder/results|cuda\n");
}

QueuedTask task(const std::string& name, int64_t place) {
  return {name, "17", place, "RUNNING", 0, ""};
}

TEST(Tasks, AreFoundByNameAndOffset) {
  Submissions submissions;
  submissions.made = {{"first", 0, "17"}, {"second", 1000, ""}};
  const auto tasks = tasks_by_trial(submissions, {task("first", 3), task("second", 3), task("foreign", 9)});
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks.at(3).job_name, "first");
  EXPECT_EQ(tasks.at(1003).job_name, "second");
}

class SubmissionsFile : public FolderTest {};

TEST_F(SubmissionsFile, ComesBackAsItWas) {
  EXPECT_TRUE(read_submissions(folder_).made.empty());
  Submissions submissions;
  submissions.settings.partition = "a";
  submissions.settings.cpus = 3;
  submissions.settings.sbatch_arguments = {"--nice"};
  submissions.made = {{"first", 0, "17"}, {"second", 1000, ""}};
  write_submissions(folder_, submissions);
  const Submissions found = read_submissions(folder_);
  EXPECT_EQ(found.settings, submissions.settings);
  EXPECT_EQ(found.made, submissions.made);
}

// sbatch, squeue and scontrol that note their words and say what the test has them say.
class SubmitSweep : public FolderTest {
 protected:
  void SetUp() override {
    path_ = std::getenv("PATH");
    ::setenv("PATH", ((folder_ / "bin").string() + ":" + path_).c_str(), 1);
    std::filesystem::create_directories(folder_ / "bin");
    program("scontrol", "echo 'MaxArraySize = 3'");
    program("squeue", "cat '" + (folder_ / "queue").string() + "' 2>/dev/null || true");
    program("sbatch", "echo \"$@\" >> '" + (folder_ / "submitted").string() + "'; wc -l < '" +
                          (folder_ / "submitted").string() + "'");
    for (int64_t i = 0; i < 7; ++i) {
      TrialSpec spec;
      spec.submission = "a";
      spec.trial = i;
      spec.budget_seconds = spec.evaluation_period_seconds = 1;
      spec.default_batch_size = spec.evaluation_batch_size = 1;
      specs_.push_back(spec);
    }
    plan_ = make_sweep_plan(specs_, SweepKind::slurm, 0);
    write_sweep_plan(folder_, plan_, specs_);
  }
  void TearDown() override { ::setenv("PATH", path_.c_str(), 1); }

  void program(const std::string& name, const std::string& script) const {
    write(folder_ / "bin" / name, "#!/bin/bash\n" + script + "\n");
    std::filesystem::permissions(folder_ / "bin" / name, std::filesystem::perms::owner_all);
  }
  void finish(size_t place) const {
    JournalWriter journal(trial_directories_of(folder_, plan_)[place]);
    journal.append(StartRecord{});
    journal.append(OutcomeRecord{});
  }
  // SLURM has task `task` of the submission `number`, from 1.
  void queue(size_t number, const std::string& task) const {
    std::string line = read_submissions(sweep_folder(folder_, plan_.id)).made.at(number - 1).job_name;
    line.resize(120, ' ');
    for (std::string text : {std::to_string(number), task, std::string("RUNNING")}) {
      text.resize(24, ' ');
      line += text;
    }
    write(folder_ / "queue", line + "0           None\n");
  }
  std::vector<std::string> submitted() const {
    std::vector<std::string> lines;
    std::istringstream text(read(folder_ / "submitted"));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  std::vector<TrialSpec> specs_;
  SweepPlan plan_;
  Slurm slurm_;

 private:
  std::string path_;
};

TEST_F(SubmitSweep, SubmitsEveryTrialInArraysThatTheClusterTakes) {
  const SubmitReport report = submit_sweep(folder_, plan_, {}, slurm_);
  EXPECT_EQ(report.submitted, 7);
  EXPECT_THAT(report.jobs, ElementsAre("1", "2", "3"));
  ASSERT_EQ(submitted().size(), 3U);
  EXPECT_THAT(submitted()[0], HasSubstr("--array=0-2 "));
  EXPECT_THAT(submitted()[2], HasSubstr("--array=0 "));
  EXPECT_THAT(submitted()[2], ::testing::EndsWith("job.sh 6"));
  EXPECT_THAT(submitted()[1], Not(HasSubstr("dependency")));
}

TEST_F(SubmitSweep, WithALimitRunsOneArrayAfterTheOther) {
  SlurmSettings settings;
  settings.max_concurrent = 2;
  submit_sweep(folder_, plan_, settings, slurm_);
  EXPECT_THAT(submitted()[0], HasSubstr("--array=0-2%2 "));
  EXPECT_THAT(submitted()[1], HasSubstr("--dependency=afterany:1 "));
  EXPECT_THAT(submitted()[2], HasSubstr("--dependency=afterany:2 "));
}

TEST_F(SubmitSweep, AgainSubmitsOnlyWhatIsNeitherFinishedNorQueued) {
  submit_sweep(folder_, plan_, {}, slurm_);
  finish(0);
  finish(1);
  finish(6);
  queue(2, "1");  // trial 4
  const SubmitReport report = submit_sweep(folder_, plan_, {}, slurm_);
  EXPECT_EQ(report.finished, 3);
  EXPECT_EQ(report.queued, 1);
  EXPECT_EQ(report.submitted, 3);
  ASSERT_EQ(submitted().size(), 5U);
  EXPECT_THAT(submitted()[3], HasSubstr("--array=2 "));
  EXPECT_THAT(submitted()[4], HasSubstr("--array=0,2 "));
}

TEST_F(SubmitSweep, NeverForgetsASubmissionThatWasRefused) {
  program("sbatch", "echo no >&2; exit 1");
  EXPECT_THROW(submit_sweep(folder_, plan_, {}, slurm_), UserError);
  ASSERT_EQ(read_submissions(sweep_folder(folder_, plan_.id)).made.size(), 1U);
  queue(1, "0");  // it was taken after all
  program("sbatch", "echo 9");
  EXPECT_EQ(submit_sweep(folder_, plan_, {}, slurm_).queued, 1);
}

TEST_F(SubmitSweep, OfTheSameTrialsElsewhereHasJobNamesOfItsOwn) {
  submit_sweep(folder_, plan_, {}, slurm_);
  write_sweep_plan(folder_ / "other", plan_, specs_);
  submit_sweep(folder_ / "other", plan_, {}, slurm_);
  EXPECT_NE(read_submissions(sweep_folder(folder_, plan_.id)).made[0].job_name,
            read_submissions(sweep_folder(folder_ / "other", plan_.id)).made[0].job_name);
}

}  // namespace
}  // namespace timetrial
