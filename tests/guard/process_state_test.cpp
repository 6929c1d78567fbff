#include "harness/guard/process_state.h"

#include <cstdlib>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/journal/file_descriptor.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

std::optional<std::string> change_since(const ProcessState& before) {
  return forbidden_change(before, read_process_state(/*with_siblings=*/false));
}

TEST(ProcessState, OfAProcessThatDoesNothingStaysTheSame) {
  EXPECT_EQ(change_since(read_process_state(false)), std::nullopt);
}

TEST(ProcessState, ShowsAVariableThatWasAddedChangedOrRemoved) {
  ::unsetenv("TIMETRIAL_GUARD_TEST");
  const ProcessState without = read_process_state(false);
  ::setenv("TIMETRIAL_GUARD_TEST", "1", 1);
  const ProcessState with = read_process_state(false);
  EXPECT_THAT(forbidden_change(without, with), Optional(HasSubstr("TIMETRIAL_GUARD_TEST was added")));
  EXPECT_THAT(forbidden_change(with, without), Optional(HasSubstr("TIMETRIAL_GUARD_TEST was removed")));
  ::setenv("TIMETRIAL_GUARD_TEST", "2", 1);
  EXPECT_THAT(change_since(with), Optional(HasSubstr("TIMETRIAL_GUARD_TEST was changed")));
  ::unsetenv("TIMETRIAL_GUARD_TEST");
}

TEST(ProcessState, ShowsASignalHandler) {
  const ProcessState before = read_process_state(false);
  const auto old = ::signal(SIGUSR2, SIG_IGN);
  EXPECT_THAT(change_since(before), Optional(HasSubstr("the signal SIGUSR2")));
  ::signal(SIGUSR2, old);
  EXPECT_EQ(change_since(before), std::nullopt);
}

TEST(ProcessState, ShowsAChildUntilItIsGone) {
  const ProcessState before = read_process_state(false);
  const pid_t child = ::fork();
  if (child == 0) {
    ::sleep(60);
    ::_exit(0);
  }
  EXPECT_THAT(change_since(before), Optional(HasSubstr("number " + std::to_string(child))));
  const ProcessState with_child = read_process_state(false);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(change_since(before), std::nullopt);
  EXPECT_EQ(change_since(with_child), std::nullopt);
}

TEST(ProcessState, ShowsSocketsThatLeadAwayFromThisMachine) {
  const ProcessState before = read_process_state(false);
  {
    const FileDescriptor open(::socket(AF_INET, SOCK_DGRAM, 0));
    EXPECT_THAT(change_since(before), Optional(HasSubstr("UDP socket, from 0.0.0.0:0")));
  }
  const FileDescriptor loopback(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(loopback.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const FileDescriptor local(::socket(AF_UNIX, SOCK_STREAM, 0));
  EXPECT_EQ(change_since(before), std::nullopt);
}

}  // namespace
}  // namespace timetrial
