#include "workloads/data/child_process.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr int kNotFound = 127;

UserError cannot_start(const std::vector<std::string>& command, const char* call) {
  return UserError({"a program could not be started", command.front(),
                    std::string(call) + ": " + strerror(errno),
                    "free memory or process slots and try again"});
}

// Runs in the child between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(char* const* arguments, const char* folder, int output) {
  const int empty_input = open("/dev/null", O_RDONLY);
  if (empty_input >= 0) dup2(empty_input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (chdir(folder) == 0) execvp(arguments[0], arguments);
  const char* reason = errno == ENOENT ? "program or folder not found\n" : "program could not be run\n";
  const ssize_t ignored = write(STDERR_FILENO, reason, strlen(reason));
  static_cast<void>(ignored);
  _exit(kNotFound);
}

std::string read_to_end(int descriptor) {
  std::string text;
  std::array<char, 4096> block;
  for (;;) {
    const ssize_t count = read(descriptor, block.data(), block.size());
    if (count > 0) {
      text.append(block.data(), static_cast<size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      return text;
    }
  }
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& command, const std::filesystem::path& folder) {
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const std::string folder_text = folder.string();

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw cannot_start(command, "pipe");
  const pid_t child = fork();
  if (child < 0) {
    const int fork_error = errno;
    close(ends[0]);
    close(ends[1]);
    errno = fork_error;
    throw cannot_start(command, "fork");
  }
  if (child == 0) become(arguments.data(), folder_text.c_str(), ends[1]);
  close(ends[1]);

  CommandResult result;
  result.output = read_to_end(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace timetrial
