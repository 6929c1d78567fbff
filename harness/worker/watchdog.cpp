#include "harness/worker/watchdog.h"

#include <chrono>
#include <ctime>
#include <limits>

#include "harness/journal/unix_seconds.h"

namespace timetrial {

Watchdog::Watchdog(double stall_limit_seconds, ProgressWriter* progress, OnStall on_stall)
    : stall_limit_seconds_(stall_limit_seconds),
      progress_(progress),
      on_stall_(std::move(on_stall)),
      best_(std::numeric_limits<double>::quiet_NaN()) {
  thread_ = std::thread([this] { watch(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Watchdog::watch() {
  using Clock = std::chrono::steady_clock;
  uint64_t seen = 0;
  Clock::time_point since = Clock::now();
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::milliseconds(100), [this] { return stopping_; })) {
    if (progress_ != nullptr && reported_.load(std::memory_order_relaxed)) {
      const double now = unix_seconds();
      progress_->write({step(), submission_seconds(), now, best_.load(std::memory_order_relaxed),
                        phase_.load(std::memory_order_relaxed)});
    }
    const uint64_t sequence = sequence_.load(std::memory_order_acquire);
    if (sequence != seen || sequence % 2 == 0) {
      seen = sequence;
      since = Clock::now();
      continue;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - since).count();
    if (seconds < stall_limit_seconds_) continue;
    on_stall_(call_.load(std::memory_order_relaxed), seconds);
    return;
  }
}

}  // namespace timetrial
