#pragma once

// How one worker is to be kept apart, as timetrial tells timetrial-launcher: one JSON argument.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/isolation/sandboxed_command.h"
#include "harness/journal/isolation_level.h"

namespace timetrial {

struct LaunchPolicy {
  IsolationLevel level = IsolationLevel::process;  // not none
  std::string trial_directory;                     // absolute
  int64_t memory_bytes = 0;                        // 0: no limit, here and below
  int64_t processes = 0;
  int64_t disk_bytes = 0;
  std::vector<int> kept_descriptors;  // that the command inherits besides 0, 1 and 2
  int report_descriptor = -1;         // takes the LaunchReport; the command does not inherit it
  SandboxView view;                   // from sandbox on
  std::vector<int> namespaces;        // of SharedNamespaces, which the sandbox joins; empty: it has its own
  // In strict mode (strict_mode.md) a second command, which is not kept apart: it inherits the descriptors,
  // and its end is the end. Both commands get two options more, --peer and --memory: open descriptors of
  // their end of a pair of sequenced-packet sockets and of a memory file that both have.
  std::vector<std::string> evaluator;
};

std::string launch_policy_to_json(const LaunchPolicy& policy);
LaunchPolicy launch_policy_from_json(const std::string& text);  // throws UserError

}  // namespace timetrial
