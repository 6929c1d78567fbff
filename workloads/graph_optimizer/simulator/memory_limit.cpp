#include "workloads/graph_optimizer/simulator/memory_limit.h"

#include <stdexcept>
#include <string>

#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {

int64_t one_device_peak_bytes(const Dataflow& flow, const Machine& machine) {
  return Simulator(flow, machine).run({}).peak_bytes.front();
}

int64_t binding_memory_bytes(const Dataflow& flow, const Machine& machine, int64_t percent) {
  if (percent < 1) throw std::logic_error("a share of memory below 1 %: " + std::to_string(percent));
  return static_cast<int64_t>(static_cast<__int128>(one_device_peak_bytes(flow, machine)) * percent / 100);
}

}  // namespace timetrial
