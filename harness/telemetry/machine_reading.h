#pragma once

// One look at the machine. Quantities, where the machine tells of them:
//   cpu_mhz                 mean over some cores
//   cpu_celsius             of the processor package
//   cpu_throttles           how often the processor slowed down for heat since the first look
//   other_cores_busy        cores that other processes kept busy since the look before
//   stolen_cores            cores that the hypervisor gave to others since the look before
//   memory_available_gib
//   major_faults            pages of this process that were read back from disk since the first look
//   gpu_sm_mhz, gpu_memory_mhz, gpu_celsius, gpu_watts, gpu_busy_percent
//   gpu_other_processes     that compute on the same GPU

#include <map>
#include <set>
#include <string>

namespace timetrial {

struct MachineReading {
  std::map<std::string, double> quantities;
  std::set<std::string> throttle_reasons;  // of the GPU, as in throttle_reasons.h
};

}  // namespace timetrial
