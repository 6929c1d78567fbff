#pragma once

// The peaks of a process's memory, as its parts count them.

#include "harness/device/device.h"
#include "harness/journal/measurements.h"
#include "harness/memory/caching_allocator.h"

namespace timetrial {

// Bytes, since the last forget_peaks().
struct MemoryReading {
  MemoryPeak peak;
  int64_t host_reserved = 0;
  int64_t device_reserved = 0;
};

class MemoryMeter {
 public:
  virtual ~MemoryMeter() = default;
  virtual MemoryReading peaks() const = 0;
  virtual void forget_peaks() = 0;
};

// Of this process. Takes some microseconds and never waits for the device.
class ProcessMemory final : public MemoryMeter {
 public:
  // `host`: may be null, CPU tensors are not counted then. Both outlive the meter.
  ProcessMemory(Device& device, CachingAllocator* host) : device_(device), host_(host) {}

  MemoryReading peaks() const override;
  void forget_peaks() override;

 private:
  Device& device_;
  CachingAllocator* host_;
};

}  // namespace timetrial
