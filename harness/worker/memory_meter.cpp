#include "harness/worker/memory_meter.h"

#include "harness/machine/machine.h"

namespace timetrial {

MemoryReading ProcessMemory::peaks() const {
  MemoryReading reading;
  reading.peak.resident = peak_resident_bytes();
  reading.peak.device = device_.peak_tensor_bytes();
  reading.device_reserved = device_.peak_memory_bytes();
  if (host_ != nullptr) {
    const CacheUse use = host_->cache().use();
    reading.peak.host = static_cast<int64_t>(use.peak_in_use);
    reading.host_reserved = static_cast<int64_t>(use.peak_held);
  }
  return reading;
}

void ProcessMemory::forget_peaks() {
  forget_peak_resident();
  device_.reset_peak_memory();
  if (host_ != nullptr) host_->cache().forget_peaks();
}

}  // namespace timetrial
