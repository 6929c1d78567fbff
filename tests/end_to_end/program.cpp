#include "program.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sanitizers/patience.h"

namespace timetrial {

namespace {

// Longer than any of them takes on a slow and busy machine, shorter than the limit of CTest.
constexpr double kPatienceSeconds = 280.0 * kPatienceFactor;
constexpr int kCouldNotStart = 127;

void prepare_child(const ProgramOptions& options) {
  for (const auto& [name, value] : options.environment) {
    if (value.empty())
      ::unsetenv(name.c_str());
    else
      ::setenv(name.c_str(), value.c_str(), 1);
  }
  if (options.file_bytes_limit > 0) {
    const auto bytes = static_cast<rlim_t>(options.file_bytes_limit);
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, const ProgramOptions& options)
    : output_(::memfd_create("output", MFD_CLOEXEC)) {
  std::vector<char*> texts;
  for (const std::string& argument : arguments) texts.push_back(const_cast<char*>(argument.c_str()));
  texts.push_back(nullptr);
  id_ = ::fork();
  if (id_ < 0 || !output_.valid()) throw std::runtime_error("no child process can be started");
  if (id_ == 0) {
    ::dup2(output_.get(), STDOUT_FILENO);
    ::dup2(output_.get(), STDERR_FILENO);
    prepare_child(options);
    ::execv(texts[0], texts.data());
    ::_exit(kCouldNotStart);
  }
}

Program::~Program() {
  if (id_ < 0) return;
  send(SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

void Program::send(int signal) const {
  if (id_ > 0) ::kill(id_, signal);
}

std::optional<ProgramEnd> Program::wait(double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  int status = 0;
  while (::waitpid(id_, &status, WNOHANG) != id_) {
    if (std::chrono::steady_clock::now() > end) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  id_ = -1;
  const bool killed = WIFSIGNALED(status);
  return ProgramEnd{killed ? -1 : WEXITSTATUS(status), killed ? WTERMSIG(status) : 0,
                    contents_of(output_.get())};
}

ProgramEnd Program::finish() {
  if (std::optional<ProgramEnd> end = wait(kPatienceSeconds)) return *end;
  ADD_FAILURE() << "the program does not end; it said:\n" << contents_of(output_.get());
  send(SIGKILL);
  ::waitpid(id_, nullptr, 0);
  id_ = -1;
  return {};
}

ProgramEnd run_program(const std::vector<std::string>& arguments, const ProgramOptions& options) {
  return Program(arguments, options).finish();
}

std::vector<pid_t> children_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream stream("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; stream >> child;) children.push_back(child);
  return children;
}

}  // namespace timetrial
