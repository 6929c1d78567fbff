#include "launched.h"

#include <cstdlib>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace timetrial {

Launched::Launched(LaunchPolicy policy, const std::vector<std::string>& command,
                   const std::map<std::string, std::string>& environment)
    : report_(::memfd_create("report", 0)), output_(::memfd_create("output", MFD_CLOEXEC)) {
  policy.report_descriptor = report_.get();
  std::vector<std::string> line = {TIMETRIAL_LAUNCHER_PROGRAM, launch_policy_to_json(policy)};
  line.insert(line.end(), command.begin(), command.end());
  std::vector<char*> arguments;
  for (std::string& word : line) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  process_ = ::fork();
  if (process_ != 0) return;
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  ::dup2(output_.get(), STDOUT_FILENO);
  ::dup2(output_.get(), STDERR_FILENO);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

Launched::~Launched() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void Launched::send(int signal) const {
  ::kill(process_, signal);
}

LaunchReport Launched::report() {
  int status = 0;
  if (!becomes_true([&] { return ::waitpid(process_, &status, WNOHANG) == process_; })) {
    ADD_FAILURE() << "the launcher does not end; it said:\n" << output();
    return {};
  }
  process_ = -1;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status << "\n" << output();
  return launch_report_from_json(contents_of(report_.get()));
}

std::string Launched::output() const {
  return contents_of(output_.get());
}

std::vector<std::string> shell(const std::string& script) {
  return {"/bin/sh", "-c", script};
}

}  // namespace timetrial
