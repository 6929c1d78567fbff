#include "harness/cluster/program_call.h"

#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/journal/file_descriptor.h"

namespace timetrial {

namespace {

std::string contents_of(const FileDescriptor& file) {
  std::string text;
  char block[4096];
  for (ssize_t count = 0;
       (count = ::pread(file.get(), block, sizeof(block), static_cast<off_t>(text.size()))) > 0;) {
    text.append(block, static_cast<size_t>(count));
  }
  return text;
}

// False when it had to be killed. Files take what it says, so it never waits for us.
bool wait_for(pid_t program, double most_seconds, int& status) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(most_seconds);
  for (auto pause = std::chrono::milliseconds(1);;
       pause = std::min(2 * pause, std::chrono::milliseconds(50))) {
    const pid_t ended = ::waitpid(program, &status, WNOHANG);
    if (ended == program) return true;
    if (std::chrono::steady_clock::now() > until) break;
    std::this_thread::sleep_for(pause);
  }
  ::kill(program, SIGKILL);
  while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  return false;
}

}  // namespace

ProgramResult call_program(const std::vector<std::string>& words, double most_seconds) {
  const FileDescriptor output(::memfd_create("output", MFD_CLOEXEC));
  const FileDescriptor errors(::memfd_create("errors", MFD_CLOEXEC));
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&files, output.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, errors.get(), STDERR_FILENO);
  ProgramResult result;
  pid_t program = -1;
  result.started = output.valid() && errors.valid() &&
                   ::posix_spawnp(&program, arguments[0], &files, nullptr, arguments.data(), environ) == 0;
  ::posix_spawn_file_actions_destroy(&files);
  if (!result.started) return result;
  int status = 0;
  result.in_time = wait_for(program, most_seconds, status);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.output = contents_of(output);
  result.errors = contents_of(errors);
  return result;
}

}  // namespace timetrial
