#include "harness/isolation/sandboxed_command.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Not;

SandboxView a_view() {
  SandboxView view;
  view.hidden = {"/tmp", "/results"};
  view.readable = {"/data/mnist/mini"};
  view.writable = {"/results/trial"};
  view.devices = {"/dev/nvidia0"};
  view.folder = "/results/trial";
  view.temporary_bytes = 4096;
  return view;
}

size_t place_of(const std::vector<std::string>& line, const std::vector<std::string>& words) {
  const auto found = std::search(line.begin(), line.end(), words.begin(), words.end());
  EXPECT_NE(found, line.end()) << ::testing::PrintToString(words);
  return static_cast<size_t>(found - line.begin());
}

TEST(SandboxedCommand, EndsWithTheCommandAsItWas) {
  const std::vector<std::string> command = {"/bin/worker", "run", "--", "a b"};
  const std::vector<std::string> line = sandboxed_command(command, a_view(), 5);
  ASSERT_GT(line.size(), command.size());
  EXPECT_TRUE(std::equal(command.rbegin(), command.rend(), line.rbegin()));
  EXPECT_EQ(line[line.size() - command.size() - 1], "--");
  EXPECT_EQ(line.front(), "bwrap");
}

TEST(SandboxedCommand, HasNothingOfItsSurroundings) {
  EXPECT_THAT(
      sandboxed_command({"true"}, a_view(), 5),
      IsSupersetOf({"--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop"}));
}

TEST(SandboxedCommand, KeepsTheNetworkThatItIsToShare) {
  SandboxView view = a_view();
  view.shared_memory = "/dev/shm/ours";
  const std::vector<std::string> line = sandboxed_command({"true"}, view, 5);
  EXPECT_THAT(line, Not(AnyOf(Contains("--unshare-net"), Contains("--unshare-ipc"))));
  EXPECT_THAT(line, Contains("--unshare-pid"));
  EXPECT_LT(place_of(line, {"--dev", "/dev"}), place_of(line, {"--bind", "/dev/shm/ours", "/dev/shm"}));
}

TEST(SandboxedCommand, ShowsWithinWhatItHides) {
  const std::vector<std::string> line = sandboxed_command({"true"}, a_view(), 5);
  const size_t root = place_of(line, {"--ro-bind", "/", "/"});
  const size_t hidden = place_of(line, {"--tmpfs", "/results"});
  const size_t shown = place_of(line, {"--bind", "/results/trial", "/results/trial"});
  const size_t sealed = place_of(line, {"--remount-ro", "/results"});
  EXPECT_LT(root, hidden);
  EXPECT_LT(hidden, shown);
  EXPECT_LT(shown, sealed);
  EXPECT_LT(hidden, place_of(line, {"--ro-bind", "/data/mnist/mini", "/data/mnist/mini"}));
  EXPECT_LT(place_of(line, {"--dev", "/dev"}),
            place_of(line, {"--dev-bind-try", "/dev/nvidia0", "/dev/nvidia0"}));
  EXPECT_EQ(std::search_n(line.begin(), line.end(), 1, "/tmp") == line.end(), false);
}

TEST(SandboxStatus, TellsBeginAndEnd) {
  EXPECT_EQ(sandbox_status_from("").first_process, 0);
  EXPECT_EQ(sandbox_status_from(R"({"child-pid": 12, "net)").first_process, 0) << "half a line";
  const SandboxStatus running = sandbox_status_from("{ \"child-pid\": 12 }\n");
  EXPECT_EQ(running.first_process, 12);
  EXPECT_FALSE(running.ended);
  const SandboxStatus ended = sandbox_status_from("{ \"child-pid\": 12 }\n{ \"exit-code\": 75 }\n");
  EXPECT_TRUE(ended.ended);
  EXPECT_EQ(ended.exit_code, 75);
  EXPECT_EQ(ended.signal, 0);
}

TEST(SandboxStatus, TellsASignalAsSuch) {
  const SandboxStatus ended = sandbox_status_from("{ \"exit-code\": 139 }\n");
  EXPECT_EQ(ended.signal, 11);
  EXPECT_EQ(ended.exit_code, 0);
}

TEST(SandboxStatus, RefusesWhatIsNoStatus) {
  EXPECT_THROW(sandbox_status_from("bwrap: no\n"), UserError);
}

}  // namespace
}  // namespace timetrial
