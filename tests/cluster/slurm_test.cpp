// The calls, with programs of our own in the place of SLURM's.

#include "harness/cluster/slurm.h"

#include <cstdlib>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/cluster/program_call.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string field(std::string text, size_t width) {
  text.resize(width, ' ');
  return text;
}

std::string queue_line(const std::string& name, const std::string& array, const std::string& task,
                       const std::string& state, const std::string& restarts, const std::string& reason) {
  return field(name, 120) + field(array, 24) + field(task, 24) + field(state, 24) + field(restarts, 12) +
         field(reason, 60) + "\n";
}

TEST(Queue, IsReadLineByLine) {
  const std::vector<QueuedTask> tasks =
      queue_from_text(queue_line("timetrial-1", "17", "3", "PENDING", "2", "Resources") + "\n" +
                      queue_line("timetrial-1", "17", "4", "RUNNING", "0", "None") +
                      queue_line("other", "18", "N/A", "COMPLETING", "0", "None"));
  ASSERT_EQ(tasks.size(), 3U);
  EXPECT_EQ(tasks[0].job_name, "timetrial-1");
  EXPECT_EQ(tasks[0].array_job, "17");
  EXPECT_EQ(tasks[0].array_task, 3);
  EXPECT_EQ(tasks[0].state, "PENDING");
  EXPECT_EQ(tasks[0].restarts, 2);
  EXPECT_EQ(tasks[0].reason, "Resources");
  EXPECT_EQ(tasks[1].state, "RUNNING");
  EXPECT_EQ(tasks[2].array_task, -1);
}

TEST(Queue, OfAnotherFormIsRefused) {
  EXPECT_THROW(queue_from_text("slurm_load_jobs error\n"), UserError);
}

class SlurmPrograms : public FolderTest {
 protected:
  SlurmPrograms() : path_(std::getenv("PATH")) { ::setenv("PATH", folder_.c_str(), 1); }
  ~SlurmPrograms() override { ::setenv("PATH", path_.c_str(), 1); }

  void program(const std::string& name, const std::string& script) const {
    write(folder_ / name, "#!/bin/bash\n" + script + "\n");
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
  }

  template <typename Call>
  static std::string refusal(const Call& call) {
    try {
      call();
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  Slurm slurm_;

 private:
  std::string path_;
};

TEST_F(SlurmPrograms, ThatAreAbsentAreNamedWithTheCure) {
  EXPECT_THAT(refusal([&] { slurm_.submit({"job.sh"}); }), HasSubstr("sbatch cannot be run"));
  EXPECT_THAT(refusal([&] { slurm_.queue({"name"}); }), HasSubstr("without --slurm"));
}

TEST_F(SlurmPrograms, ThatRefuseAreQuoted) {
  program("sbatch", "echo 'sbatch: error: invalid partition specified: nope' >&2; exit 1");
  EXPECT_THAT(refusal([&] { slurm_.submit({"job.sh"}); }), HasSubstr("invalid partition specified: nope"));
}

TEST_F(SlurmPrograms, GetTheirWordsAsTheyAre) {
  program("sbatch", "printf '%s|' \"$@\" > '" + (folder_ / "words").string() + "'; echo '17;cluster'");
  EXPECT_EQ(slurm_.submit({"--comment=a 'b' $HOME *", "job.sh"}), "17");
  EXPECT_EQ(read(folder_ / "words"), "--parsable|--comment=a 'b' $HOME *|job.sh|");
}

TEST_F(SlurmPrograms, TellTheStateOfAJobAndForgetIt) {
  program("squeue", "echo RUNNING");
  EXPECT_EQ(slurm_.state_of("17_3"), "RUNNING");
  program("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
  EXPECT_EQ(slurm_.state_of("17_3"), "");
  program("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
  EXPECT_THROW(slurm_.state_of("17_3"), UserError);
}

TEST_F(SlurmPrograms, TellTheLimitOfArrays) {
  program("scontrol",
          "printf 'Configuration data\\nMaxArraySize            = 1001\\nMaxJobCount = 10000\\n'");
  EXPECT_EQ(slurm_.max_array_size(), 1001);
  program("scontrol", "echo 'MaxArraySize = 0'");
  EXPECT_THROW(slurm_.max_array_size(), UserError);
}

TEST_F(SlurmPrograms, AreNotAskedForTheQueueOfNothing) {
  EXPECT_THAT(slurm_.queue({}), ElementsAre());
}

TEST(ProgramCall, EndsAProgramThatDoesNotEnd) {
  const ProgramResult result = call_program({"sleep", "1000"}, 0.05);
  EXPECT_TRUE(result.started);
  EXPECT_FALSE(result.in_time);
}

TEST(ProgramCall, TakesMuchOutput) {
  const ProgramResult result = call_program({"head", "-c", "3000000", "/dev/zero"}, 60);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output.size(), 3'000'000U);
}

}  // namespace
}  // namespace timetrial
