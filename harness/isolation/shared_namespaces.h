#pragma once

// What several sandboxes of this machine have in common, so that the ranks of a trial reach each other and
// nothing else: a network, an IPC namespace and a /dev/shm (NCCL passes data through both).

#include <filesystem>
#include <string>
#include <vector>

#include "harness/journal/file_descriptor.h"

namespace timetrial {

// The namespaces live as long as this object or a process in them, the folder as long as this object. The
// network is a loopback device that is up.
class SharedNamespaces {
 public:
  // Throws UserError where the kernel allows no such namespaces.
  static SharedNamespaces make();
  ~SharedNamespaces();
  SharedNamespaces(SharedNamespaces&& other) noexcept;
  SharedNamespaces& operator=(SharedNamespaces&&) = delete;

  // Descriptors in the order in which they must be joined: of a user namespace first, where only that gives
  // the right to make the others. They are closed on exec.
  std::vector<int> descriptors() const;

  // What is to be /dev/shm in all of them: a folder in memory.
  const std::filesystem::path& memory_folder() const { return memory_folder_; }

 private:
  SharedNamespaces() = default;

  std::vector<FileDescriptor> namespaces_;
  std::filesystem::path memory_folder_;  // empty: moved from
};

// Empty where SharedNamespaces::make() works on this machine, else why it does not; tried once.
const std::string& shared_namespaces_refusal();

// Takes the calling process into namespaces. False, with errno, where it may not. Allocates nothing, so that
// it can be called between fork and exec.
bool join_namespaces(const std::vector<int>& descriptors);

}  // namespace timetrial
