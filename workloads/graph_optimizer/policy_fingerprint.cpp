#include "workloads/graph_optimizer/policy_fingerprint.h"

#include <ATen/ATen.h>

#include "workloads/fingerprint/generated_tensor.h"
#include "workloads/fingerprint/generator.h"
#include "workloads/graph_optimizer/policy_batch.h"

namespace timetrial {
namespace {

constexpr int64_t kGivenPlans = 3;

}  // namespace

OptimizerGraph made_up_graph(uint32_t seed, uint32_t nodes, uint32_t devices) {
  constexpr int64_t kUnit = 1'000'000;
  OptimizerGraph graph;
  graph.name = graph.graph.name = "made up " + std::to_string(seed);
  graph.machine.devices = devices;
  graph.machine.memory_bytes = 40 * kUnit * nodes;
  for (uint32_t id = 0; id < nodes; ++id) {
    const uint32_t hash = generated_hash(seed, id);
    CostNode node;
    node.name = std::to_string(id);
    node.output_bytes = kUnit * (1 + hash % 64);
    if (id % 10 == 0) {
      node.kind = NodeKind::parameter;
      node.resident_bytes = node.output_bytes;
      node.colocation = static_cast<int32_t>(id / 10);
    } else {
      node.operands = {id - 1};
      if (hash % 3 == 0) node.operands.push_back((hash >> 8) % id);
      node.flops = 1000 * kUnit * (hash % 8);
      node.fusible = hash % 4 != 0;
      node.kind = hash % 5 == 0 ? NodeKind::reduce : NodeKind::compute;
    }
    graph.graph.nodes.push_back(node);
    graph.opcodes.push_back(id % 10 == 0 ? Opcode::parameter : Opcode::add);
    graph.shapes.push_back({4, 1, {node.output_bytes / 4}});
    graph.all_tasks.device.push_back(id / 2 % devices);
    graph.all_tasks.schedule_level.push_back(static_cast<int32_t>(hash % 3));
    graph.all_tasks.fusion_level.push_back(static_cast<int32_t>(hash % 2) - 1);
  }
  graph.single_tasks = graph.all_tasks;
  for (uint32_t id = 0; id < nodes; ++id) graph.single_tasks.device[id] = id % devices;
  return graph;
}

FingerprintCase policy_fingerprint_case(int64_t segment_nodes) {
  constexpr int64_t kMade = 1'000'000'000;
  const PlannedGraph graphs[] = {{made_up_graph(1001, 70, 2), kMade, ""},
                                 {made_up_graph(1002, 6, 4), kMade, ""}};
  const std::vector<ChosenGraph> chosen = {{&graphs[0], 0, 1}, {&graphs[1], 1, 2}};
  Batch batch = policy_batch(chosen, segment_nodes);
  const int64_t units = batch.at("leaders").size(0), ops = batch.at("ops").size(0);
  // Devices 0 and 1 are there in both machines.
  batch.tensors["chosen_placement"] = hash_tensor(1003, {kGivenPlans, units}, 2);
  batch.tensors["chosen_fusion"] = hash_tensor(1004, {kGivenPlans, ops}, 3);
  batch.tensors["chosen_schedule"] = hash_tensor(1005, {kGivenPlans, ops}, 3);
  batch.tensors["weight_placement"] = uniform_tensor(1007, {kGivenPlans, units});
  batch.tensors["weight_fusion"] = uniform_tensor(1008, {kGivenPlans, ops});
  batch.tensors["weight_schedule"] = uniform_tensor(1009, {kGivenPlans, ops});
  batch.tensors["advantages"] = uniform_tensor(1006, {kGivenPlans, batch.examples});
  return {.name = "g2", .batch = std::move(batch)};
}

}  // namespace timetrial
