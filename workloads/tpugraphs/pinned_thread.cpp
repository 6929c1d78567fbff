#include "workloads/tpugraphs/pinned_thread.h"

namespace timetrial {

PinnedThread::PinnedThread() {
  ::sched_getaffinity(0, sizeof before_, &before_);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<size_t>(::sched_getcpu()), &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

PinnedThread::~PinnedThread() {
  ::sched_setaffinity(0, sizeof before_, &before_);
}

}  // namespace timetrial
