#pragma once

// What timetrial-launcher tells timetrial about the end of the processes it started: one JSON object.

#include <cstdint>
#include <string>

namespace timetrial {

enum class LimitHit { none, memory, processes, disk };

std::string to_string(LimitHit limit);

struct LaunchReport {
  int exit_code = 0;  // of the command
  int signal = 0;     // not 0: that ended it
  LimitHit limit = LimitHit::none;
  int64_t used = 0;               // of what the limit is on: bytes, or processes
  int64_t allowed = 0;            // the limit itself
  bool kernel_ran_out = false;    // the kernel killed a process for lack of memory meanwhile
  int64_t peak_memory_bytes = 0;  // of all processes together; 0: not measured
  // Processes that outlived the command and were killed. The end of a sandbox kills what is left in it as
  // well, and may be the first to do so: that is not counted.
  int64_t left_running = 0;
  bool of_evaluator = false;  // in strict mode: exit code and signal are its, and not the trainer's
  std::string problem;        // why the command could not be started; empty: it was

  bool operator==(const LaunchReport&) const = default;
};

std::string launch_report_to_json(const LaunchReport& report);
LaunchReport launch_report_from_json(const std::string& text);  // throws UserError

}  // namespace timetrial
