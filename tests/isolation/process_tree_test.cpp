#include "harness/isolation/process_tree.h"

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
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

}  // namespace
}  // namespace timetrial
