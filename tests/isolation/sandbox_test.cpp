// Bubblewrap itself, where this machine lets it work.

#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/isolation/sandbox_probe.h"
#include "harness/isolation/shared_namespaces.h"
#include "launched.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Sandbox : public FolderTest {
 protected:
  void SetUp() override {
    if (!sandbox_refusal().empty()) GTEST_SKIP() << sandbox_refusal();
    FolderTest::SetUp();
    home_ = std::filesystem::canonical(folder_);
    for (const char* name : {"trial", "other"}) std::filesystem::create_directories(home_ / name);
    std::ofstream(home_ / "other/secret") << "secret";
  }

  LaunchPolicy policy() const {
    LaunchPolicy policy;
    policy.level = IsolationLevel::sandbox;
    policy.trial_directory = home_ / "trial";
    policy.view.hidden = {"/tmp", home_.string()};
    policy.view.writable = {home_ / "trial"};
    policy.view.folder = home_ / "trial";
    policy.view.temporary_bytes = 1 << 20;
    return policy;
  }

  std::string said(const std::string& script) const {
    Launched launched(policy(), shell(script));
    const LaunchReport report = launched.report();
    EXPECT_EQ(report.problem, "");
    EXPECT_EQ(report.exit_code, 0) << launched.output();
    return launched.output();
  }

  std::filesystem::path home_;  // the folder without links
};

TEST_F(Sandbox, WritesInItsFolderAndNowhereElse) {
  said("echo here > mine");
  EXPECT_TRUE(std::filesystem::exists(home_ / "trial/mine"));
  for (const char* place : {"/usr/x", "/etc/x", "/root/x", "/home/x"})
    EXPECT_THAT(said(std::string("touch ") + place + " 2>&1 || true"), HasSubstr("touch")) << place;
  EXPECT_THAT(said("touch ../x 2>&1 || true"), HasSubstr("Read-only"));
  EXPECT_FALSE(std::filesystem::exists(home_ / "x"));
}

TEST_F(Sandbox, SeesNoOtherTrialAndNoFilesOfOthersInTmp) {
  EXPECT_EQ(said("ls .."), "trial\n");
  EXPECT_THAT(said("cat ../other/secret 2>&1 || true"), Not(HasSubstr("secret\n")));
  EXPECT_EQ(said("echo x > /tmp/private; ls /tmp | grep -c private"), "1\n");
  EXPECT_FALSE(std::filesystem::exists("/tmp/private"));
}

TEST_F(Sandbox, HasNoProcessesButItsOwn) {
  EXPECT_THAT(said("ls -d /proc/[0-9]* | wc -l"), ::testing::AnyOf("3\n", "4\n", "5\n"));
}

TEST_F(Sandbox, HasTheLoopbackDeviceAlone) {
  EXPECT_EQ(said("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '"), "lo\n");
}

TEST_F(Sandbox, SharesANetworkAndMemoryThatNobodyElseHas) {
  if (!shared_namespaces_refusal().empty()) GTEST_SKIP() << shared_namespaces_refusal();
  const auto said_in = [&](const SharedNamespaces& shared, const std::string& script) {
    LaunchPolicy sharing = policy();
    sharing.view.shared_memory = shared.memory_folder();
    sharing.namespaces = shared.descriptors();
    for (const int descriptor : sharing.namespaces) ::fcntl(descriptor, F_SETFD, 0);
    Launched launched(sharing, shell(script));
    EXPECT_EQ(launched.report().exit_code, 0) << launched.output();
    return launched.output();
  };
  const std::string names = "readlink /proc/self/ns/net /proc/self/ns/ipc";
  const std::string outside = said(names);
  std::filesystem::path folder;
  {
    const SharedNamespaces one = SharedNamespaces::make(), other = SharedNamespaces::make();
    folder = one.memory_folder();
    const std::string within = said_in(one, names);
    EXPECT_THAT(within, HasSubstr("net:["));
    EXPECT_EQ(said_in(one, names), within);
    EXPECT_NE(said_in(other, names), within);
    EXPECT_NE(outside, within);
    EXPECT_EQ(said_in(one, "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; echo word > /dev/shm/left"),
              "lo\n");
    EXPECT_EQ(said_in(one, "cat /dev/shm/left"), "word\n");
    EXPECT_EQ(said_in(other, "ls /dev/shm"), "");
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(Sandbox, TellsSignalsAndExitCodes) {
  EXPECT_EQ(Launched(policy(), shell("kill -ABRT $$")).report().signal, SIGABRT);
  EXPECT_EQ(Launched(policy(), shell("exit 75")).report().exit_code, 75);
}

TEST_F(Sandbox, PassesTermOnToTheCommandWithin) {
  Launched launched(policy(), shell("trap 'exit 75' TERM; touch ready; while :; do sleep 0.05; done"));
  ASSERT_TRUE(becomes_true([&] { return std::filesystem::exists(home_ / "trial/ready"); }));
  launched.send(SIGTERM);
  EXPECT_EQ(launched.report().exit_code, 75);
}

TEST_F(Sandbox, EndsWithEverythingInIt) {
  Launched launched(policy(), shell("setsid sleep 61234 & touch started; exit 3"));
  EXPECT_EQ(launched.report().exit_code, 3);
  int running = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stream(entry.path() / "cmdline");
    std::string line;
    std::getline(stream, line);
    running += line.find("61234") != std::string::npos;
  }
  EXPECT_EQ(running, 0);
}

TEST_F(Sandbox, LimitsReachInside) {
  LaunchPolicy limited = policy();
  limited.processes = 4;
  EXPECT_EQ(Launched(limited, shell("for i in 1 2 3 4 5 6 7; do sleep 60 & done; wait")).report().limit,
            LimitHit::processes);
}

}  // namespace
}  // namespace timetrial
