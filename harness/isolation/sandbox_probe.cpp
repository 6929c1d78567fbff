#include "harness/isolation/sandbox_probe.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/isolation/sandboxed_command.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

namespace {

constexpr int kNotFound = 127;

std::string first_line(int descriptor) {
  std::array<char, 512> text{};
  const ssize_t count = ::pread(descriptor, text.data(), text.size() - 1, 0);
  const std::string all(text.data(), count > 0 ? static_cast<size_t>(count) : 0);
  return all.substr(0, all.find('\n'));
}

std::string try_sandbox() {
  SandboxView view;
  view.folder = "/";
  view.temporary_bytes = 1 << 20;
  const FileDescriptor output(::memfd_create("sandbox-probe", MFD_CLOEXEC));
  const FileDescriptor status(::memfd_create("sandbox-status", 0));
  const std::vector<std::string> line = sandboxed_command({"/bin/true"}, view, status.get());
  std::vector<char*> arguments;
  for (const std::string& word : line) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(output.get(), STDOUT_FILENO);
    ::dup2(output.get(), STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(kNotFound);
  }
  int code = 0;
  while (child > 0 && ::waitpid(child, &code, 0) < 0 && errno == EINTR) {
  }
  if (child > 0 && WIFEXITED(code) && WEXITSTATUS(code) == 0) return "";
  if (child > 0 && WIFEXITED(code) && WEXITSTATUS(code) == kNotFound && first_line(output.get()).empty())
    return "bubblewrap is not installed. To cure it: apt-get install bubblewrap";
  return "bubblewrap cannot make a sandbox here (" + first_line(output.get()) +
         "). To cure it: allow unprivileged user namespaces (sysctl user.max_user_namespaces, "
         "kernel.unprivileged_userns_clone, or the container's own settings)";
}

}  // namespace

const std::string& sandbox_refusal() {
  static const std::string refusal = try_sandbox();
  return refusal;
}

GrantedLevel granted_level(IsolationLevel asked) {
  if (asked < IsolationLevel::sandbox || sandbox_refusal().empty()) return {asked, ""};
  return {IsolationLevel::process, sandbox_refusal()};
}

}  // namespace timetrial
