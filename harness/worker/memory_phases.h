#pragma once

// Peak memory by phase of a trial.

#include <mutex>
#include <string>

#include "harness/journal/trial_phase.h"
#include "harness/worker/memory_meter.h"

namespace timetrial {

using MemoryPhase = TrialPhase;

// Threads: any; the watchdog reads the peaks of a hung call.
class MemoryPhases {
 public:
  // Begins with startup: earlier peaks are forgotten. `meter` outlives it.
  explicit MemoryPhases(MemoryMeter& meter);

  void enter(MemoryPhase phase);
  MemoryPhase phase() const;

  // What is known now, of the running phase as well: phases that never began are absent. The allocator's name
  // and the huge pages are left to the caller.
  MemoryRecord record() const;

 private:
  MemoryRecord measured() const;  // under the lock

  MemoryMeter& meter_;
  mutable std::mutex mutex_;
  MemoryPhase phase_ = MemoryPhase::startup;
  MemoryRecord past_;  // up to the beginning of the running phase
};

// The largest over all phases.
int64_t peak_resident_bytes(const MemoryRecord& record);

// "in the phase training; its peak: 1536 MiB resident, 768 MiB in CPU tensors"; what was not counted is left
// out.
std::string describe_peak(const MemoryRecord& record, MemoryPhase phase);

}  // namespace timetrial
