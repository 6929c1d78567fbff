// The launcher itself, with shell scripts for workers.

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/types.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "harness/isolation/process_tree.h"
#include "launched.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Launch : public FolderTest {
 protected:
  LaunchPolicy policy() const {
    LaunchPolicy policy;
    policy.trial_directory = folder_;
    return policy;
  }
  bool is_there(const std::string& name) const { return std::filesystem::exists(folder_ / name); }
  // The number that a script has written to a file.
  pid_t process_in(const std::string& name) const {
    pid_t process = 0;
    std::ifstream(folder_ / name) >> process;
    return process;
  }
  static bool runs(pid_t process) { return ::kill(process, 0) == 0; }
};

TEST_F(Launch, TellsTheExitCodeAndTheSignal) {
  EXPECT_EQ(Launched(policy(), shell("exit 75")).report().exit_code, 75);
  const LaunchReport killed = Launched(policy(), shell("kill -SEGV $$")).report();
  EXPECT_EQ(killed.signal, SIGSEGV);
  EXPECT_EQ(killed.limit, LimitHit::none);
}

TEST_F(Launch, SaysThatAProgramIsMissing) {
  EXPECT_THAT(Launched(policy(), {"/no/such/program"}).report().problem, HasSubstr("cannot be started"));
}

TEST_F(Launch, GivesACleanEnvironmentNoInputNoCoreAndItsFolder) {
  Launched launched(policy(), shell("env; pwd; cat; ulimit -c; ls /proc/self/fd"),
                    {{"LD_PRELOAD", ""}, {"A_SECRET", "visible"}, {"OMP_NUM_THREADS", "3"}});
  EXPECT_EQ(launched.report().exit_code, 0);
  EXPECT_THAT(launched.output(), Not(HasSubstr("visible")));
  EXPECT_THAT(launched.output(), HasSubstr("OMP_NUM_THREADS=3"));
  EXPECT_THAT(launched.output(), HasSubstr(std::filesystem::canonical(folder_).string() + "\n0\n"));
  EXPECT_THAT(launched.output(), ::testing::EndsWith("\n0\n1\n2\n3\n")) << "3 is the listing's own";
}

TEST_F(Launch, PassesTermOnAndWaitsForTheAnswer) {
  Launched launched(policy(), shell("trap 'exit 75' TERM; touch ready; while :; do sleep 0.05; done"));
  ASSERT_TRUE(becomes_true([&] { return is_there("ready"); }));
  launched.send(SIGTERM);
  EXPECT_EQ(launched.report().exit_code, 75);
}

TEST_F(Launch, EndsWhatOutlivesTheCommand) {
  Launched launched(policy(), shell("(setsid sh -c 'echo $$ > daemon; exec sleep 60' &) ; "
                                    "while [ ! -s daemon ]; do sleep 0.01; done"));
  const LaunchReport report = launched.report();
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_EQ(report.left_running, 1);
  EXPECT_FALSE(runs(process_in("daemon")));
}

TEST_F(Launch, DiesWithItsCommand) {
  Launched launched(policy(), shell("echo $$ > worker; exec sleep 60"));
  ASSERT_TRUE(becomes_true([&] { return process_in("worker") > 0; }));
  const pid_t worker = process_in("worker");
  launched.send(SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return !runs(worker); }));
}

TEST_F(Launch, EndsAtTheLimitOfProcesses) {
  LaunchPolicy limited = policy();
  limited.processes = 4;
  const LaunchReport report =
      Launched(limited, shell("for i in 1 2 3 4 5 6 7 8; do sleep 60 & done; wait")).report();
  EXPECT_EQ(report.limit, LimitHit::processes);
  EXPECT_GT(report.used, 4);
  EXPECT_EQ(report.allowed, 4);
}

TEST_F(Launch, LetsBeWhoStaysBelowIt) {
  LaunchPolicy limited = policy();
  limited.processes = 4;
  const LaunchReport report = Launched(limited, shell("sleep 0.5 & sleep 0.5 & wait")).report();
  EXPECT_EQ(report.limit, LimitHit::none);
  EXPECT_EQ(report.exit_code, 0);
}

TEST_F(Launch, EndsAtTheLimitOfTheDisk) {
  LaunchPolicy limited = policy();
  limited.disk_bytes = 4 << 20;
  const LaunchReport report =
      Launched(limited, shell("for i in 1 2 3; do head -c 2000000 /dev/zero > file$i; done; sleep 60"))
          .report();
  EXPECT_EQ(report.limit, LimitHit::disk);
  EXPECT_GT(report.used, 4 << 20);
}

TEST_F(Launch, LetsNoFileGrowBeyondIt) {
  LaunchPolicy limited = policy();
  limited.disk_bytes = 4 << 20;
  Launched(limited, shell("head -c 9000000 /dev/zero > file; sleep 0")).report();
  EXPECT_LE(std::filesystem::file_size(folder_ / "file"), 4U << 20);
}

TEST_F(Launch, EndsAtTheLimitOfMemory) {
  LaunchPolicy limited = policy();
  limited.memory_bytes = 64 << 20;
  // A shell variable of up to 256 MiB.
  const LaunchReport report = Launched(limited, shell("x=xxxxxxxxxxxxxxxx; for i in 1 2 3 4 5 6 7 8 9 10 11 "
                                                      "12 13 14 15 16 17 18 19 20 21 22 23 24; do "
                                                      "x=$x$x; done; sleep 60"))
                                  .report();
  EXPECT_EQ(report.limit, LimitHit::memory);
  EXPECT_EQ(report.allowed, 64 << 20);
  EXPECT_EQ(report.signal, SIGKILL);
}

}  // namespace
}  // namespace timetrial
