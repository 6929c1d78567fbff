#pragma once

// A control group of the kernel's that bounds the memory of a process and all it starts, where this user may
// make one: version 2 (delegated by systemd, for instance) or 1.

#include <cstdint>
#include <filesystem>
#include <memory>

namespace timetrial {

class MemoryGroup {
 public:
  // Null where none can be made below the group of this process.
  static std::unique_ptr<MemoryGroup> make(int64_t bytes);
  ~MemoryGroup();  // removes it; its processes must have ended
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;

  // A descriptor to which a process writes "0" to join.
  int entry() const { return entry_; }
  int64_t peak_bytes() const;
  bool ran_out() const;  // the kernel killed a process of it

 private:
  MemoryGroup(std::filesystem::path folder, bool version_2, int entry)
      : folder_(std::move(folder)), version_2_(version_2), entry_(entry) {}

  std::filesystem::path folder_;
  bool version_2_;
  int entry_;
};

}  // namespace timetrial
