#pragma once

// Runs a program of the system to its end, without a shell.

#include <string>
#include <vector>

namespace timetrial {

struct ProgramResult {
  bool started = false;  // false: there is no such program, or it may not be run
  bool in_time = true;   // false: it was killed
  int exit_code = 0;     // -1: ended by a signal
  std::string output;    // stdout
  std::string errors;    // stderr
};

// The first word is looked up in PATH.
ProgramResult call_program(const std::vector<std::string>& words, double most_seconds);

}  // namespace timetrial
