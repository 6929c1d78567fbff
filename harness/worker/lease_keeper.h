#pragma once

// Renews the lease of a trial for as long as it lives, and ends the process, without a further word in the
// trial directory, when another one has taken the trial over: so two copies never go on side by side.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "harness/journal/lease_file.h"

namespace timetrial {

class LeaseKeeper {
 public:
  // Called once, from the keeper's thread. It is expected to end the process.
  using OnLoss = std::function<void(const TrialHeld& loss)>;

  // `lease` outlives this.
  LeaseKeeper(const Lease& lease, OnLoss on_loss);
  ~LeaseKeeper();

 private:
  void keep();

  const Lease& lease_;
  OnLoss on_loss_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace timetrial
