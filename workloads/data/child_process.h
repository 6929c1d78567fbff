#pragma once

// Runs one program to its end and keeps what it printed.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace timetrial {

struct CommandResult {
  int exit_status = 0;  // 127: the program was not found; 128 + n: ended by signal n
  std::string output;   // stdout and stderr, in the order written
};

// What package_download needs of the outside world; tests put their own in its place.
using CommandRunner = std::function<CommandResult(const std::vector<std::string>& command,
                                                  const std::filesystem::path& folder)>;

// Runs `command` (program looked up in PATH, then arguments; no shell) in `folder` and waits for it.
// Its standard input is empty. Throws UserError when no process can be started at all.
CommandResult run_command(const std::vector<std::string>& command, const std::filesystem::path& folder);

}  // namespace timetrial
