#pragma once

// Notices a submission call that does not come back, and keeps the progress page fresh. The training loop
// only stores into atomics; this thread reads them ten times a second.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "harness/journal/progress.h"
#include "harness/worker/submission_library.h"

namespace timetrial {

class Watchdog final : public CallObserver {
 public:
  // Called once, from the watchdog's thread, with the name of the call and how long it has lasted. It is
  // expected to record the outcome and end the process: a hung call cannot be interrupted.
  using OnStall = std::function<void(const char* call, double seconds)>;

  // `progress` may be null; it is left as it was until the first report().
  Watchdog(double stall_limit_seconds, ProgressWriter* progress, OnStall on_stall);
  ~Watchdog() override;

  void entered(const char* call) noexcept override {
    call_.store(call, std::memory_order_relaxed);
    sequence_.fetch_add(1, std::memory_order_release);
  }
  void left() noexcept override { sequence_.fetch_add(1, std::memory_order_release); }

  void report(int64_t step, double submission_seconds) noexcept {
    step_.store(step, std::memory_order_relaxed);
    submission_seconds_.store(submission_seconds, std::memory_order_relaxed);
    reported_.store(true, std::memory_order_relaxed);
  }
  void report_phase(TrialPhase phase) noexcept { phase_.store(phase, std::memory_order_relaxed); }
  void report_best(double metric) noexcept { best_.store(metric, std::memory_order_relaxed); }

  // The call that is being made; null: none.
  const char* current_call() const noexcept {
    return sequence_.load(std::memory_order_acquire) % 2 == 1 ? call_.load(std::memory_order_relaxed)
                                                              : nullptr;
  }
  int64_t step() const noexcept { return step_.load(std::memory_order_relaxed); }
  double submission_seconds() const noexcept { return submission_seconds_.load(std::memory_order_relaxed); }

 private:
  void watch();

  double stall_limit_seconds_;
  ProgressWriter* progress_;
  OnStall on_stall_;
  std::atomic<const char*> call_{nullptr};
  std::atomic<uint64_t> sequence_{0};  // odd: inside a call
  std::atomic<int64_t> step_{0};
  std::atomic<double> submission_seconds_{0};
  std::atomic<bool> reported_{false};
  std::atomic<double> best_;
  std::atomic<TrialPhase> phase_{TrialPhase::startup};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace timetrial
