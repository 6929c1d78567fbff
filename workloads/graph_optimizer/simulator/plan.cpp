#include "workloads/graph_optimizer/simulator/plan.h"

#include <stdexcept>
#include <string>

namespace timetrial {

void validate(const Plan& plan, size_t nodes, const Machine& machine) {
  const auto check_length = [nodes](size_t length, const char* list) {
    if (length != 0 && length != nodes)
      throw std::logic_error(std::string("a plan's ") + list + " has " + std::to_string(length) +
                             " numbers for " + std::to_string(nodes) + " nodes");
  };
  check_length(plan.device.size(), "device");
  check_length(plan.schedule_level.size(), "schedule_level");
  check_length(plan.fusion_level.size(), "fusion_level");
  for (size_t id = 0; id < plan.device.size(); ++id)
    if (plan.device[id] >= machine.devices)
      throw std::logic_error("a plan puts node " + std::to_string(id) + " on device " +
                             std::to_string(plan.device[id]) + " of " + std::to_string(machine.devices));
}

void resolve_devices(const Plan& plan, const PlacementUnits& units, std::vector<uint32_t>& devices) {
  const size_t nodes = units.unit_of.size();
  devices.resize(nodes);
  for (size_t id = 0; id < nodes; ++id)
    devices[id] = plan.device.empty() ? 0 : plan.device[units.leader[units.unit_of[id]]];
}

}  // namespace timetrial
