#pragma once

// What a GPU tells of itself while it works. Asking it never waits for the work on it.

#include <memory>
#include <string>
#include <vector>

#include "harness/telemetry/machine_reading.h"

namespace timetrial {

class GpuTelemetry {
 public:
  virtual ~GpuTelemetry() = default;
  virtual std::string name() const = 0;
  // Adds the quantities that begin with "gpu_" and the throttle reasons; what the GPU does not tell is left
  // out.
  virtual void add_to(MachineReading& reading) = 0;
};

}  // namespace timetrial
