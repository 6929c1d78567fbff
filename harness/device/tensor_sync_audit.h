#pragma once

// The audit for machines without a GPU: looks at every tensor operation that the training thread dispatches
// and counts those that would make the host wait if the tensors were on a GPU (harness/waits/tensor_wait.h).
// An operation that is made of others counts once. The seconds are what the operation took here.
//
// What it cannot tell, since every tensor is on the CPU:
//   - copy_() between a tensor on the device and one on the host
//   - whether a tensor that to(device) or cpu() is called for is there already: each such call counts
//   - values read through a pointer, which a GPU would not allow

#include <cstdint>

#include "harness/device/sync_audit.h"

namespace timetrial {

class TensorSyncAudit final : public SyncAudit {
 public:
  // Throws std::logic_error if the thread has one already.
  TensorSyncAudit();
  ~TensorSyncAudit() override;
  TensorSyncAudit(const TensorSyncAudit&) = delete;
  TensorSyncAudit& operator=(const TensorSyncAudit&) = delete;

  std::string method() const override { return "tensor operations"; }

 private:
  struct Observer;

  uint64_t handle_ = 0;  // of the callback in LibTorch
};

}  // namespace timetrial
