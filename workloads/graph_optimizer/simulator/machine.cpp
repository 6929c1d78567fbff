#include "workloads/graph_optimizer/simulator/machine.h"

#include <stdexcept>
#include <string>

namespace timetrial {

void validate(const Machine& machine) {
  const auto require = [](bool holds, const char* what, int64_t value) {
    if (!holds)
      throw std::logic_error(std::string("a simulated machine ") + what + ": " + std::to_string(value));
  };
  require(machine.devices >= 1 && machine.devices <= kMostDevices, "needs 1 to 32 devices", machine.devices);
  require(machine.peak_flops >= 1, "needs a positive peak_flops", machine.peak_flops);
  require(machine.memory_bandwidth >= 1, "needs a positive memory_bandwidth", machine.memory_bandwidth);
  require(machine.memory_bytes >= 0, "needs memory_bytes that are not negative", machine.memory_bytes);
  require(machine.launch_ps >= 0, "needs a launch_ps that is not negative", machine.launch_ps);
  require(machine.link_bandwidth >= 1, "needs a positive link_bandwidth", machine.link_bandwidth);
  require(machine.link_latency_ps >= 0, "needs a link_latency_ps that is not negative",
          machine.link_latency_ps);
}

}  // namespace timetrial
