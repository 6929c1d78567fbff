#pragma once

// What would disturb a measurement on a machine, and how to cure it. Pure.

#include <string>
#include <vector>

#include "harness/telemetry/host_facts.h"
#include "harness/telemetry/machine_reading.h"

namespace timetrial {

struct Disturbance {
  std::string what;
  std::string cure;

  bool operator==(const Disturbance&) const = default;
};

// `now`: what the machine is doing (machine_reading.h), with nothing of ours running.
std::vector<Disturbance> host_disturbances(const HostFacts& facts, const MachineReading& now);

// `name`: of the GPU. With nothing of ours running on it.
std::vector<Disturbance> gpu_disturbances(const std::string& name, const MachineReading& now);

}  // namespace timetrial
