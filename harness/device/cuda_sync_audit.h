#pragma once

// The audit of a GPU: sees the calls of CUDA's runtime and driver themselves, through CUPTI, whoever makes
// them: LibTorch, cuBLAS, or a submission with a runtime of its own. Of a call that is made of others the
// outermost is named, once. A blocking copy of LibTorch is two calls, a copy and a synchronisation.

#include <memory>

#include "harness/device/sync_audit.h"

namespace timetrial {

class CudaSyncAudit final : public SyncAudit {
 public:
  // Throws UserError when CUPTI refuses, as it does beside a profiler.
  CudaSyncAudit();
  ~CudaSyncAudit() override;
  CudaSyncAudit(const CudaSyncAudit&) = delete;
  CudaSyncAudit& operator=(const CudaSyncAudit&) = delete;

  std::string method() const override { return "cuda calls"; }

 private:
  struct Subscription;

  std::unique_ptr<Subscription> subscription_;
};

}  // namespace timetrial
