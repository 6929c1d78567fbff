#include "harness/worker/memory_phases.h"

#include <algorithm>
#include <sstream>

namespace timetrial {

MemoryPhases::MemoryPhases(MemoryMeter& meter) : meter_(meter) {
  meter_.forget_peaks();
}

void MemoryPhases::enter(MemoryPhase phase) {
  const std::lock_guard<std::mutex> guard(mutex_);
  past_ = measured();
  meter_.forget_peaks();
  phase_ = phase;
}

MemoryPhase MemoryPhases::phase() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return phase_;
}

MemoryRecord MemoryPhases::record() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return measured();
}

MemoryRecord MemoryPhases::measured() const {
  MemoryRecord record = past_;
  const MemoryReading reading = meter_.peaks();
  record.phases[to_string(phase_)].raise_to(reading.peak);
  record.host_reserved_bytes = std::max(record.host_reserved_bytes, reading.host_reserved);
  record.device_reserved_bytes = std::max(record.device_reserved_bytes, reading.device_reserved);
  return record;
}

int64_t peak_resident_bytes(const MemoryRecord& record) {
  int64_t largest = 0;
  for (const auto& [phase, peak] : record.phases) largest = std::max(largest, peak.resident);
  return largest;
}

std::string describe_peak(const MemoryRecord& record, MemoryPhase phase) {
  const MemoryPeak& peak = record.phases.at(to_string(phase));
  std::ostringstream text;
  text << "in the phase " << to_string(phase) << "; its peak: " << (peak.resident >> 20) << " MiB resident";
  if (peak.host > 0) text << ", " << (peak.host >> 20) << " MiB in CPU tensors";
  if (peak.device > 0) text << ", " << (peak.device >> 20) << " MiB in device tensors";
  return text.str();
}

}  // namespace timetrial
