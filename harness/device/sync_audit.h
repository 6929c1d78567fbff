#pragma once

// Finds the places in the code where the host waits for the device, and counts them by the region that the
// training thread is in: a hook of the submission, or the workload.
//
// Made, used and destroyed on the training thread, which is the only one that counts; on a GPU autograd's own
// threads count under the region that the training thread is in at that moment. It costs time: not for trials
// whose clock matters.

#include <atomic>
#include <string>
#include <vector>

#include "harness/waits/wait_places.h"

namespace timetrial {

// Of the model's forward pass, loss and backward pass: not the submission's doing.
inline constexpr const char* kWorkloadRegion = "workload";

class SyncAudit {
 public:
  virtual ~SyncAudit() = default;

  // How waits are recognised, for the record: "tensor operations", "cuda calls".
  virtual std::string method() const = 0;

  // Regions nest; the innermost one counts. nullptr: what follows is the harness's own and not counted, as
  // outside of all regions. A region's name must outlive the audit.
  void enter(const char* region) noexcept;
  void leave() noexcept;

  // What was found so far. Any thread.
  std::vector<SyncPlace> places() const { return places_.list(); }

 protected:
  SyncAudit() { outer_.reserve(8); }

  const char* region() const noexcept { return region_.load(std::memory_order_relaxed); }
  WaitPlaces& found() { return places_; }

 private:
  std::vector<const char*> outer_;
  std::atomic<const char*> region_{nullptr};  // autograd's threads read it
  WaitPlaces places_;
};

// In a region for as long as it lives. Does nothing where there is no audit.
class SyncRegion {
 public:
  SyncRegion(SyncAudit* audit, const char* region) : audit_(audit) {
    if (audit_ != nullptr) audit_->enter(region);
  }
  ~SyncRegion() {
    if (audit_ != nullptr) audit_->leave();
  }
  SyncRegion(const SyncRegion&) = delete;
  SyncRegion& operator=(const SyncRegion&) = delete;

 private:
  SyncAudit* audit_;
};

}  // namespace timetrial
