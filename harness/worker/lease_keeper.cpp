#include "harness/worker/lease_keeper.h"

#include <chrono>

#include "harness/threads/harness_thread.h"

namespace timetrial {

LeaseKeeper::LeaseKeeper(const Lease& lease, OnLoss on_loss) : lease_(lease), on_loss_(std::move(on_loss)) {
  thread_ = std::thread([this] { keep(); });
}

LeaseKeeper::~LeaseKeeper() {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void LeaseKeeper::keep() {
  const HarnessThread mark;
  const std::chrono::duration<double> period(lease_.times().renew_seconds);
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, period, [this] { return stopping_; })) {
    if (lease_.renew()) continue;
    on_loss_(lease_.loss());
    return;
  }
}

}  // namespace timetrial
