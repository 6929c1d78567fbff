#include "harness/worker/openmp_team.h"

#include <atomic>
#include <mutex>

#include <unistd.h>

// What gcc makes of `#pragma omp parallel`: the entry of the runtime that LibTorch brings, and so the one
// that its operations use, whichever compiler this file is made with.
extern "C" void GOMP_parallel(void (*region)(void*), void* data, unsigned threads, unsigned flags);

namespace timetrial {

namespace {

// What orders a region between what stands before and after it. The runtime's threads wait for each other by
// futexes, of which the thread sanitizer does not know.
std::atomic<unsigned> regions_begun, calls_ended;

struct Members {
  std::mutex mutex;
  std::set<pid_t> ids;
};

void join(void* data) {
  regions_begun.load(std::memory_order_acquire);
  auto& members = *static_cast<Members*>(data);
  {
    const std::lock_guard lock(members.mutex);
    members.ids.insert(::gettid());
  }
  calls_ended.fetch_add(1, std::memory_order_release);
}

}  // namespace

std::set<pid_t> openmp_team() {
  constexpr unsigned kAsManyAsSet = 0;
  Members members;
  regions_begun.fetch_add(1, std::memory_order_release);
  GOMP_parallel(join, &members, kAsManyAsSet, 0);
  calls_ended.load(std::memory_order_acquire);
  return members.ids;
}

}  // namespace timetrial
