#pragma once

#include <cstdint>

#include "harness/random/split_mix.h"
#include "workloads/ogbg/graph_batch.h"

namespace timetrial {

// `graphs` graphs of `nodes` nodes and `edges` directed edges at random between them; small integers as
// features.
inline GraphList random_graphs(int64_t graphs, int64_t nodes, int64_t edges, uint64_t seed) {
  uint64_t state = seed;
  const auto draw = [&state](int64_t bound) {
    return static_cast<int64_t>(split_mix_bits(state += kSplitMixIncrement) % static_cast<uint64_t>(bound));
  };
  GraphList list;
  for (int64_t g = 0; g < graphs; ++g) {
    list.node_counts.push_back(nodes);
    list.edge_counts.push_back(edges);
    for (int64_t i = 0; i < nodes * kAtomFeatures; ++i)
      list.node_features.push_back(static_cast<float>(draw(5)));
    for (int64_t i = 0; i < edges * kBondFeatures; ++i)
      list.edge_features.push_back(static_cast<float>(draw(3)));
    for (int64_t i = 0; i < edges; ++i) {
      list.senders.push_back(g * nodes + draw(nodes));
      list.receivers.push_back(g * nodes + draw(nodes));
    }
  }
  return list;
}

}  // namespace timetrial
