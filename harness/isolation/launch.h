#pragma once

// Starts one command as a policy says, watches what it takes, and leaves nothing of it behind.

#include <string>
#include <vector>

#include "harness/isolation/launch_policy.h"
#include "harness/isolation/launch_report.h"

namespace timetrial {

// Returns when the command and everything it started has ended. SIGTERM and SIGINT of this process are passed
// on to the command (the first process within a sandbox). Changes the whole process: it becomes a subreaper,
// those signals are blocked, other descriptors are closed on exec. For a program of its own.
LaunchReport launch(const LaunchPolicy& policy, const std::vector<std::string>& command);

}  // namespace timetrial
