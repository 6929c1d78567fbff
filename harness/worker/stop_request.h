#pragma once

// A signal that asks the worker to write a checkpoint and end, and who sent it. Written by a signal handler.

#include <atomic>

#include <sys/types.h>

namespace timetrial {

struct StopRequest {
  std::atomic<bool> asked{false};
  std::atomic<int> signal{0};
  std::atomic<pid_t> sender{0};  // 0: not in sight from here, as from outside of a sandbox
};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

}  // namespace timetrial
