#include "workloads/data/child_process.h"

#include <gtest/gtest.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

TEST(ChildProcess, KeepsBothOutputsAndTheExitStatus) {
  const CommandResult result = run_command({"sh", "-c", "echo out; echo err >&2; exit 3"}, "/");
  EXPECT_EQ(result.output, "out\nerr\n");
  EXPECT_EQ(result.exit_status, 3);
}

TEST(ChildProcess, RunsInTheFolderWithoutAShellInBetween) {
  TemporaryFolder folder;
  EXPECT_EQ(run_command({"pwd"}, folder.path()).output, folder.path().string() + "\n");
  EXPECT_EQ(run_command({"echo", "$HOME; *"}, "/").output, "$HOME; *\n");
}

TEST(ChildProcess, MissingProgramIsStatus127) {
  EXPECT_EQ(run_command({"no-such-program-anywhere"}, "/").exit_status, 127);
}

TEST(ChildProcess, SignalIsReported) {
  EXPECT_EQ(run_command({"sh", "-c", "kill -9 $$"}, "/").exit_status, 137);
}

}  // namespace
}  // namespace timetrial
