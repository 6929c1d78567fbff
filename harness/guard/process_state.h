#pragma once

// What a submission shares with the harness and may not change: the environment, signal handlers; and what it
// may not leave behind: processes, network sockets.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <signal.h>
#include <sys/types.h>

namespace timetrial {

struct ProcessState {
  std::map<std::string, std::string> environment;
  std::array<std::uintptr_t, NSIG> signal_handlers{};  // by number
  std::map<pid_t, std::string> processes;              // id -> name; zombies too
  std::map<uint64_t, std::string> sockets;             // inode -> "TCP socket, from 0.0.0.0:80"
};

// Processes are this one's children. `with_siblings`: and the other children of its parent, as orphans become
// under a launcher. Sockets are those of the internet protocols that are bound to no loopback address.
ProcessState read_process_state(bool with_siblings);

// The first forbidden difference, with its cure; none: all is well. Processes and sockets may go away. Pure.
std::optional<std::string> forbidden_change(const ProcessState& before, const ProcessState& now);

}  // namespace timetrial
