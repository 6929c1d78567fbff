#pragma once

#include <sched.h>

namespace timetrial {

// Keeps the calling thread on the core it runs on; as before when this goes.
class PinnedThread {
 public:
  PinnedThread();
  ~PinnedThread();
  PinnedThread(const PinnedThread&) = delete;
  PinnedThread& operator=(const PinnedThread&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace timetrial
