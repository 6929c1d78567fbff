#pragma once

// Runs a command line as a child process.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/journal/file_descriptor.h"

namespace timetrial {

struct ProgramEnd {
  int exit_code = -1;
  int signal = 0;      // not 0: it was killed
  std::string output;  // stdout and stderr as they came
};

struct ProgramOptions {
  std::map<std::string, std::string> environment;  // on top of ours; an empty value removes a variable
  int64_t file_bytes_limit = 0;                    // RLIMIT_FSIZE; 0: none
};

class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments, const ProgramOptions& options = {});
  // Kills what still runs.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t id() const { return id_; }
  void send(int signal) const;

  // Empty when it still runs after `seconds`.
  std::optional<ProgramEnd> wait(double seconds);
  // Waits almost five minutes; a program that still runs then is killed and the test fails.
  ProgramEnd finish();

 private:
  pid_t id_ = -1;
  FileDescriptor output_;
};

ProgramEnd run_program(const std::vector<std::string>& arguments, const ProgramOptions& options = {});

// The processes that `parent` has started and that still run.
std::vector<pid_t> children_of(pid_t parent);

}  // namespace timetrial
