#pragma once

// Threads that the harness starts while a submission is being called say so themselves: to the system they
// look like the submission's own.

#include <set>

#include <sys/types.h>

namespace timetrial {

// Marks the thread that makes it for as long as it lives.
class HarnessThread {
 public:
  HarnessThread();
  ~HarnessThread();
  HarnessThread(const HarnessThread&) = delete;
  HarnessThread& operator=(const HarnessThread&) = delete;
};

// Ids of the marked threads of this process. Any thread.
std::set<pid_t> harness_threads();

}  // namespace timetrial
