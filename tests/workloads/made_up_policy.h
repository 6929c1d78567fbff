#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workloads/graph_optimizer/graph_policy.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/policy_batch.h"
#include "workloads/graph_optimizer/policy_fingerprint.h"

namespace timetrial {

// Small policies and made-up graphs for them.

inline constexpr int64_t kSmallSegment = 16;

inline PolicyConfig small_policy(int64_t segment_nodes = kSmallSegment) {
  return {
      .embedding = 4, .hidden = 8, .sage_layers = 2, .heads = 2, .segment_nodes = segment_nodes, .passes = 2};
}

inline GraphPolicy policy_in_double(const PolicyConfig& config, const std::string& variant = kAllTasks) {
  return {config, decision_columns(decided_tasks(variant)), at::TensorOptions().dtype(at::kDouble),
          seeded_generator(at::kCPU, 3)};
}

inline std::shared_ptr<const PlannedGraph> planned(uint32_t seed, uint32_t nodes, uint32_t devices) {
  return std::make_shared<const PlannedGraph>(made_up_graph(seed, nodes, devices), 1'000'000'000, kAllTasks);
}

inline Batch batch_of(const std::vector<std::shared_ptr<const PlannedGraph>>& graphs, int64_t segment_nodes) {
  std::vector<ChosenGraph> chosen;
  for (size_t i = 0; i < graphs.size(); ++i)
    chosen.push_back({graphs[i].get(), static_cast<int64_t>(i), 7 + i});
  return policy_batch(chosen, segment_nodes);
}

}  // namespace timetrial
