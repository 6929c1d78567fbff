#pragma once

// What the simulation of the plan that a policy starts from says of nodes and of devices. A policy that is to
// do better than a heuristic has to know where the heuristic's time goes. Roots of shares of the makespan
// keep the sign of what they are taken of.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/graph_optimizer/graphs/optimizer_graph.h"
#include "workloads/graph_optimizer/simulator/dataflow.h"

namespace timetrial {

// Of a node; 0 for what takes no time. A node that was fused away has the times of the kernel that first
// computes it.
//   0 start over makespan  1 end over makespan  2 slack: by how much it could end later without the step
//   taking longer (links without contention), root  3 from when its operands were there until its start, root
//   4 duration, root  5 fused away
inline constexpr size_t kTimeInputs = 6;
using TimeInputs = std::array<float, kTimeInputs>;

// Of a node and a device:
//   0 where it lies  1 its operands would be there so much later than where it lies, root; operands of its
//   own unit move along  2 share of the time around it (2 % of the makespan before and after) in which the
//   device computes nothing  3 share of its operands' bytes that lie there  4 share of its consumers  5 the
//   device's share of all computing  6 the device's peak over its memory  7 the machine has this device
inline constexpr size_t kDeviceInputs = 8;
using DeviceInputs = std::array<std::array<float, kDeviceInputs>, kPolicyDevices>;

struct StartInputs {
  std::vector<TimeInputs> times;
  std::vector<DeviceInputs> devices;
};

// `start`: a full plan for the graph.
StartInputs start_inputs(const OptimizerGraph& graph, const Dataflow& flow, const Plan& start);

}  // namespace timetrial
