#pragma once

// What a trial tells about its own cost, beside its clock: where the time of a step went, which memory it
// took, where the host waited for the device. Records of the journal (record.h); nothing here counts for a
// score.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace timetrial {

// Where the time of training steps went: sums over the sampled steps of one attempt, in seconds on the
// device's own time line. The parts sum to `step`.
struct StepTimesRecord {
  int64_t sampled_steps = 0;
  double data_wait = 0;       // in the training queue, until a batch was there
  double host_to_device = 0;  // until that batch was there, as far as the step waited for it; 0 on CPU
  double forward = 0;         // model and loss
  double backward = 0;
  double gradient_averaging = 0;  // over ranks
  double update =
      0;  // the rest of the submission's calls: its own work; the whole update where a device replays it
  double residual = 0;  // the harness between two calls
  double step = 0;      // the whole
};

// Peak memory in bytes while in one phase of the trial.
struct MemoryPeak {
  int64_t resident = 0;  // of the process, as the system sees it
  int64_t host = 0;      // blocks of LibTorch's CPU tensors in use; 0 where the allocator does not count
  int64_t device = 0;    // blocks of tensors on the device in use; 0 on CPU

  // To the peak of both together.
  void raise_to(const MemoryPeak& other) {
    resident = std::max(resident, other.resident);
    host = std::max(host, other.host);
    device = std::max(device, other.device);
  }
};

struct MemoryRecord {
  std::string host_allocator;                // "caching" | "system"
  bool huge_pages = false;                   // the system grants them
  int64_t host_reserved_bytes = 0;           // peak that the allocator held, free blocks included
  int64_t device_reserved_bytes = 0;         // the same for the device's allocator
  std::map<std::string, MemoryPeak> phases;  // "startup", "training", "evaluation"
};

// One place in the code where the host waited for the device.
struct SyncPlace {
  std::string hook;       // "update", "select_batch" …, or "workload": the model's own code
  std::string operation;  // "cudaStreamSynchronize", "aten::_local_scalar_dense" …
  std::string stack;      // one frame a line, innermost first
  int64_t count = 0;
  double seconds = 0;  // that the host was held up
};

// What --audit-sync found in one attempt.
struct SyncAuditRecord {
  int64_t steps = 0;   // audited
  std::string method;  // how it was looked for: "cuda calls", "tensor operations"
  std::vector<SyncPlace> places;
};

// What a quantity of the machine was over one attempt.
struct QuantityRange {
  double minimum = 0;
  double median = 0;
  double maximum = 0;
};

// The machine while one attempt ran, looked at every `period_seconds`.
struct MachineSamplesRecord {
  int64_t samples = 0;
  double period_seconds = 0;
  double sampling_seconds = 0;  // processor time that the looking took
  // Those that this machine tells of (harness/machine/machine_reading.h): "cpu_mhz", "other_cores_busy",
  // "gpu_celsius" …
  std::map<std::string, QuantityRange> quantities;
  std::vector<std::string> throttle_reasons;  // of the GPU, seen at least once; sorted
};

// A fixed mix of kernels, timed off the clock before and after the training of one attempt: what changes
// between two of them is the machine.
struct ReferenceTimesRecord {
  std::string moment;                     // "before" | "after"
  std::map<std::string, double> seconds;  // kernel -> median of a pass
  double spent_seconds = 0;               // wall time of the whole
};

}  // namespace timetrial
