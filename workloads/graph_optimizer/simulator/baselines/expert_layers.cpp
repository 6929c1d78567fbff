#include "workloads/graph_optimizer/simulator/baselines/expert_layers.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "workloads/graph_optimizer/simulator/baselines/balanced_blocks.h"
#include "workloads/graph_optimizer/simulator/baselines/unit_graph.h"

namespace timetrial {
namespace {

int32_t stated_layer(const Dataflow& flow, uint32_t unit) {
  for (const NodeId member : flow.units().members[unit])
    if (flow.node(member).layer != kOutsideLayers) return flow.node(member).layer;
  return kOutsideLayers;
}

// Of what stands where the unit stands: of the op that reads it, else of what that op reads.
int32_t inherited_layer(const Dataflow& flow, uint32_t unit, const std::vector<int32_t>& layer_of_unit) {
  const std::vector<uint32_t>& unit_of = flow.units().unit_of;
  const NodeId anchor = flow.units().anchor[unit];
  if (layer_of_unit[unit_of[anchor]] != kOutsideLayers) return layer_of_unit[unit_of[anchor]];
  for (const NodeId operand : flow.node(anchor).operands)
    if (layer_of_unit[unit_of[operand]] != kOutsideLayers) return layer_of_unit[unit_of[operand]];
  return kOutsideLayers;
}

std::vector<int32_t> layers_of_units(const Dataflow& flow) {
  const PlacementUnits& units = flow.units();
  std::vector<int32_t> layer_of_unit(units.count());
  for (uint32_t unit = 0; unit < units.count(); ++unit) layer_of_unit[unit] = stated_layer(flow, unit);
  std::vector<uint32_t> order(units.count());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&units](uint32_t first, uint32_t second) {
    return units.anchor[first] < units.anchor[second];
  });
  for (const uint32_t unit : order)
    if (layer_of_unit[unit] == kOutsideLayers)
      layer_of_unit[unit] = inherited_layer(flow, unit, layer_of_unit);
  return layer_of_unit;
}

}  // namespace

Plan expert_layers(const Dataflow& flow, const Machine& machine) {
  const PlacementUnits& units = flow.units();
  const std::vector<int64_t> unit_times = unit_times_ps(flow, machine);
  const std::vector<int32_t> layer_of_unit = layers_of_units(flow);
  std::map<int32_t, int64_t> time_of_layer;
  for (uint32_t unit = 0; unit < units.count(); ++unit)
    if (layer_of_unit[unit] != kOutsideLayers) time_of_layer[layer_of_unit[unit]] += unit_times[unit];
  std::vector<int64_t> times;
  for (const auto& [layer, time] : time_of_layer) times.push_back(time);
  const std::vector<uint32_t> blocks = balanced_blocks(times, machine.devices);
  std::map<int32_t, uint32_t> device_of_layer;
  auto block = blocks.begin();
  for (const auto& [layer, time] : time_of_layer) device_of_layer[layer] = *block++;
  device_of_layer[kOutsideLayers] = 0;
  std::vector<uint32_t> devices;
  for (const int32_t layer : layer_of_unit) devices.push_back(device_of_layer.at(layer));
  return {.device = devices_of_nodes(units, devices), .schedule_level = {}, .fusion_level = {}};
}

}  // namespace timetrial
