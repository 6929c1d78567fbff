#include "harness/worker/openmp_team.h"

#include <mutex>

#include <unistd.h>

// What gcc makes of `#pragma omp parallel`: the entry of the runtime that LibTorch brings, and so the one
// that its operations use, whichever compiler this file is made with.
extern "C" void GOMP_parallel(void (*region)(void*), void* data, unsigned threads, unsigned flags);

namespace timetrial {

namespace {

struct Members {
  std::mutex mutex;
  std::set<pid_t> ids;
};

void join(void* data) {
  auto& members = *static_cast<Members*>(data);
  const std::lock_guard lock(members.mutex);
  members.ids.insert(::gettid());
}

}  // namespace

std::set<pid_t> openmp_team() {
  constexpr unsigned kAsManyAsSet = 0;
  Members members;
  GOMP_parallel(join, &members, kAsManyAsSet, 0);
  return members.ids;
}

}  // namespace timetrial
