// The launcher with two commands, as in strict mode: Python scripts for trainer and evaluator.

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "harness/isolation/sandbox_probe.h"
#include "harness/journal/worker_exit.h"
#include "launched.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

// `wire`: its end of the pair, `memory`: the file.
std::vector<std::string> python(const std::string& script) {
  return {"/usr/bin/python3", "-c",
          "import os, signal, socket, subprocess, sys, time\n"
          "wire = socket.socket(fileno=int(sys.argv[sys.argv.index('--peer') + 1]))\n"
          "memory = int(sys.argv[sys.argv.index('--memory') + 1])\n" +
              script};
}

class LaunchedPair : public FolderTest, public testing::WithParamInterface<IsolationLevel> {
 protected:
  void SetUp() override {
    if (GetParam() >= IsolationLevel::sandbox && !sandbox_refusal().empty())
      GTEST_SKIP() << sandbox_refusal();
    FolderTest::SetUp();
  }

  LaunchPolicy policy(const std::string& evaluator) const {
    LaunchPolicy policy;
    policy.level = GetParam();
    policy.trial_directory = std::filesystem::canonical(folder_);
    policy.view.writable = {policy.trial_directory};
    policy.view.folder = policy.trial_directory;
    policy.view.temporary_bytes = 1 << 20;
    policy.evaluator = python(evaluator);
    return policy;
  }
};

TEST_P(LaunchedPair, TalksAndSharesMemory) {
  Launched pair(policy("os.pwrite(memory, b'shared', 0)\n"
                       "wire.send(b'look')\n"
                       "sys.exit(75 if wire.recv(99) == b'shared' else 1)"),
                python("wire.recv(99)\n"
                       "wire.send(os.pread(memory, 6, 0))\n"));
  EXPECT_EQ(pair.report().exit_code, 75) << pair.output();
}

TEST_P(LaunchedPair, EndsWithTheEvaluatorWhateverTheTrainerDoes) {
  Launched pair(policy("sys.exit(0)"), python("time.sleep(60)"));
  const LaunchReport report = pair.report();
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_EQ(report.signal, 0);
  EXPECT_EQ(report.left_running, 0) << "the trainer was not to blame";
}

TEST_P(LaunchedPair, TellsHowTheTrainerDiedWhereTheEvaluatorAsksForIt) {
  const std::string waits_for_the_end =
      "sys.exit(" + std::to_string(kWorkerTrainerLost) + " if wire.recv(99) == b'' else 1)";
  const LaunchReport killed =
      Launched(policy(waits_for_the_end), python("os.kill(os.getpid(), signal.SIGSEGV)")).report();
  EXPECT_EQ(killed.signal, SIGSEGV);
  const LaunchReport ended = Launched(policy(waits_for_the_end), python("os._exit(3)")).report();
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_EQ(ended.signal, 0);
}

// A process that it left behind has inherited its end of the wire.
TEST_P(LaunchedPair, SeesTheTrainersDeathWhateverItLeavesBehind) {
  Launched pair(policy("sys.exit(" + std::to_string(kWorkerTrainerLost) + " if wire.recv(99) == b'' else 1)"),
                python("if os.fork() == 0: time.sleep(600)\nos._exit(3)"));
  const LaunchReport report = pair.report();
  EXPECT_EQ(report.exit_code, 3);
  if (GetParam() == IsolationLevel::process)
    EXPECT_EQ(report.left_running, 1);
  else
    EXPECT_LE(report.left_running, 1) << "the sandbox's end may kill it before the launcher does";
}

TEST_P(LaunchedPair, SeesTheEvaluatorsDeathInTheTrainer) {
  Launched pair(policy("wire.recv(99)\nos.kill(os.getpid(), signal.SIGKILL)"),
                python("wire.send(b'begin')\n"
                       "if wire.recv(99) == b'': open('seen', 'w').close()\n"
                       "time.sleep(60)"));
  EXPECT_EQ(pair.report().signal, SIGKILL);
}

TEST_P(LaunchedPair, PassesSignalsToTheEvaluatorAlone) {
  Launched pair(policy("signal.signal(signal.SIGTERM, lambda *_: sys.exit(75))\n"
                       "open('ready', 'w').close()\n"
                       "while True: time.sleep(0.01)"),
                python("signal.signal(signal.SIGTERM, lambda *_: open('told', 'w').close())\n"
                       "time.sleep(60)"));
  ASSERT_TRUE(becomes_true([&] { return std::filesystem::exists(folder_ / "ready"); }));
  pair.send(SIGTERM);
  EXPECT_EQ(pair.report().exit_code, 75);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "told"));
}

TEST_P(LaunchedPair, LimitsTheTrainerAlone) {
  const std::string starts_eight = "for i in range(8): subprocess.Popen(['sleep', '1'])\n";
  LaunchPolicy of_evaluator = policy(starts_eight + "time.sleep(0.5)\nsys.exit(75)");
  of_evaluator.processes = 4;
  Launched pair(of_evaluator, python("time.sleep(60)"));
  const LaunchReport report = pair.report();
  EXPECT_EQ(report.limit, LimitHit::none);
  EXPECT_EQ(report.exit_code, 75) << report.signal << report.problem << pair.output();
  LaunchPolicy of_trainer = policy("time.sleep(60)");
  of_trainer.processes = 4;
  EXPECT_EQ(Launched(of_trainer, python(starts_eight + "time.sleep(60)")).report().limit,
            LimitHit::processes);
}

TEST_P(LaunchedPair, KeepsFilesFromTheTrainer) {
  if (GetParam() < IsolationLevel::sandbox) GTEST_SKIP() << "only a sandbox hides files";
  std::filesystem::create_directories(folder_ / "data/held_back");
  for (const char* file : {"data/validation", "data/held_back/test"})
    std::ofstream(folder_ / file) << "secret";
  LaunchPolicy masked = policy(
      "sys.exit(75 if wire.recv(99) == b'[]' and open('data/validation').read() == "
      "'secret' and os.listdir('data/held_back') == ['test'] else 1)");
  const std::filesystem::path home = masked.trial_directory;
  masked.view.masked_files = {home / "data/validation"};
  masked.view.masked_folders = {home / "data/held_back"};
  Launched pair(masked, python("try: found = open('data/validation').read()\n"
                               "except OSError: found = ''\n"
                               "wire.send(str(os.listdir('data/held_back')).encode() + found.encode())"));
  EXPECT_EQ(pair.report().exit_code, 75) << pair.output();
}

INSTANTIATE_TEST_SUITE_P(Levels, LaunchedPair,
                         testing::Values(IsolationLevel::process, IsolationLevel::strict),
                         [](const auto& test) { return to_string(test.param); });

}  // namespace
}  // namespace timetrial
