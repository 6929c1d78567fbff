#pragma once

// Tells a sync audit which hook of the submission the training thread is in, and passes every call on.

#include <string_view>

#include "harness/device/sync_audit.h"
#include "harness/worker/submission_library.h"

namespace timetrial {

class AuditedCalls final : public CallObserver {
 public:
  // Both outlive it.
  AuditedCalls(CallObserver& observer, SyncAudit& audit) : observer_(observer), audit_(audit) {}

  void entered(const char* call) noexcept override {
    observer_.entered(call);
    audit_.enter(is_timed(call) ? call : nullptr);
  }
  void left() noexcept override {
    audit_.leave();
    observer_.left();
  }

 private:
  static bool is_timed(std::string_view call) {
    return call == "update" || call == "select_batch" || call == "prepare_for_eval" ||
           call == "resume_training";
  }

  CallObserver& observer_;
  SyncAudit& audit_;
};

}  // namespace timetrial
