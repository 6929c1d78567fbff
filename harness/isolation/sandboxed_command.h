#pragma once

// A command line -> the command line that runs it in a sandbox of bubblewrap. Pure.

#include <cstdint>
#include <string>
#include <vector>

namespace timetrial {

// What a sandbox shows of the machine: everything, read-only, but what is hidden; and within that again what
// is named here. All paths are absolute and free of links.
struct SandboxView {
  std::vector<std::string> hidden;          // folders that look empty
  std::vector<std::string> readable;        // files and folders, within hidden ones
  std::vector<std::string> writable;        // files and folders
  std::vector<std::string> masked_files;    // that cannot be read, within what is shown
  std::vector<std::string> masked_folders;  // that look empty
  std::vector<std::string> devices;         // device nodes of GPUs; absent ones are left out
  std::string folder;                       // to run in
  // A folder that is /dev/shm, for sandboxes that share it, the network and IPC: they keep the caller's (see
  // SharedNamespaces). Empty: all three are the sandbox's own.
  std::string shared_memory;
  int64_t temporary_bytes = 0;  // room of /tmp and of a /dev/shm of its own, in memory

  bool operator==(const SandboxView&) const = default;
};

// The command has no network but the loopback device, processes, IPC and host name of its own, no privileges,
// and dies with whoever starts it (network and IPC are the caller's with `shared_memory`).
// `status_descriptor`: takes bubblewrap's own word about start and end, one JSON object a line.
std::vector<std::string> sandboxed_command(const std::vector<std::string>& command, const SandboxView& view,
                                           int status_descriptor);

// What bubblewrap has said so far.
struct SandboxStatus {
  int64_t first_process = 0;  // outside's id of the sandbox's first process; 0: not there yet
  bool ended = false;         // the command has
  int exit_code = 0;
  int signal = 0;
};

// A line that is not whole yet is left alone. Throws UserError for one that is not JSON.
SandboxStatus sandbox_status_from(const std::string& text);

}  // namespace timetrial
