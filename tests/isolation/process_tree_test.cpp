#include "harness/isolation/process_tree.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../temporary_folder.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {
namespace {

using ProcessTree = FolderTest;

bool first_thread_is_gone(pid_t process) {
  std::ifstream stream("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(stream, line);
  return line.find(") Z ") != std::string::npos;
}

// As a worker looks that is just being killed: its first thread has ended, another one still holds the lock.
[[noreturn]] void lock_in_second_thread(const std::filesystem::path& file) {
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (::flock(lock, LOCK_EX) != 0) ::_exit(1);
  std::thread([] { ::sleep(60); }).detach();
  ::syscall(SYS_exit, 0);  // of this thread alone
  ::_exit(1);
}

TEST_F(ProcessTree, AProcessIsThereUntilItsLastThreadIsGone) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const std::filesystem::path file = folder_ / "lock";
  const pid_t process = ::fork();
  ASSERT_GE(process, 0);
  if (process == 0) lock_in_second_thread(file);
  while (!first_thread_is_gone(process)) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(processes_below(::getpid()), std::vector<pid_t>{process});
  EXPECT_EQ(end_processes_below_us(10), 1);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  const FileDescriptor lock(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  EXPECT_EQ(::flock(lock.get(), LOCK_EX | LOCK_NB), 0) << "somebody still holds it";
}

// Processor time of a process and all that it has reaped, in clock ticks.
int64_t ticks_of(pid_t process) {
  std::ifstream stream("/proc/" + std::to_string(process) + "/stat");
  std::string line, skipped;
  std::getline(stream, line);
  std::istringstream fields(line.substr(line.rfind(") ") + 2));
  for (int i = 0; i < 11; ++i) fields >> skipped;
  int64_t sum = 0, part = 0;
  for (int i = 0; i < 4 && fields >> part; ++i) sum += part;
  return sum;
}

// Starts processes that end at once, one after the other.
[[noreturn]] void fork_without_end() {
  while (true) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
  }
}

TEST_F(ProcessTree, IsStoppedWithWhatItStartsMeanwhileAndGoesOnAfterwards) {
  const pid_t restless = ::fork();
  ASSERT_GE(restless, 0);
  if (restless == 0) {
    std::thread([] { fork_without_end(); }).detach();
    fork_without_end();
  }
  const pid_t spared = ::fork();
  if (spared == 0) fork_without_end();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));

  const std::vector<pid_t> stopped = stop_processes_below(::getpid(), spared, 30);
  EXPECT_EQ(std::count(stopped.begin(), stopped.end(), restless), 1);
  EXPECT_EQ(std::count(stopped.begin(), stopped.end(), spared), 0);
  const int64_t before = ticks_of(restless), before_of_spared = ticks_of(spared);
  while (ticks_of(spared) < before_of_spared + 10) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(ticks_of(restless), before) << "it works while it is stopped";

  continue_processes(stopped);
  while (ticks_of(restless) < before + 10) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (const pid_t process : {restless, spared}) {
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
  }
}

// The parent waits in the kernel until the child goes on. Other than by vfork() the child has memory of its
// own, and the thread sanitizer makes no fork of it.
pid_t fork_and_wait_in_the_kernel() {
  return static_cast<pid_t>(::syscall(SYS_clone, CLONE_VFORK | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

// The wait takes the signal to stop, which the parent's other thread is not to miss.
TEST_F(ProcessTree, IsStoppedInTheMiddleOfAVfork) {
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    std::thread([] {
      while (::getppid() > 0) {
      }
    }).detach();
    if (fork_and_wait_in_the_kernel() == 0) {
      ::sleep(60);
      ::_exit(0);
    }
    ::_exit(0);
  }
  while (children_of_process(parent).empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const std::vector<pid_t> stopped = stop_processes_below(::getpid(), -1, 30);
  EXPECT_EQ(stopped.size(), 2U);
  const int64_t before = ticks_of(parent);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(ticks_of(parent), before) << "it works while it is stopped";
  continue_processes(stopped);
  while (ticks_of(parent) < before + 5) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (const pid_t process : stopped) ::kill(process, SIGKILL);
  ::waitpid(parent, nullptr, 0);
}

}  // namespace
}  // namespace timetrial
