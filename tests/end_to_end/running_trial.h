#pragma once

// A `timetrial run` in the background, with a view of how far its trial is.

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "program.h"

namespace timetrial {

class RunningTrial {
 public:
  // `results`: where the command puts its trial, the only one there.
  RunningTrial(const std::vector<std::string>& command, std::filesystem::path results);

  // False (and a test failure) when the trial ends, or nothing happens for a minute, before this attempt has
  // written `checkpoints` checkpoints and passed `step`.
  bool reaches(int64_t step, size_t checkpoints = 1);

  void kill_worker() const;  // SIGKILL
  Program& program() { return program_; }

 private:
  std::filesystem::path results_;
  size_t starts_before_ = 0;
  size_t checkpoints_before_ = 0;
  Program program_;
};

}  // namespace timetrial
