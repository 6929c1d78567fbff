#include "workloads/ogbg/ogbg_fingerprint.h"

#include <ATen/ATen.h>

#include "workloads/fingerprint/generated_tensor.h"
#include "workloads/ogbg/graph_batch.h"

namespace timetrial {
namespace {

std::vector<float> floats(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kFloat);
  return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

// Ends of the edges: for each graph numbers below its count of nodes, after the nodes of the graphs before.
std::vector<int64_t> edge_ends(uint32_t seed, const GraphList& graphs, int64_t edges) {
  std::vector<int64_t> ends;
  int64_t first_node = 0;
  for (size_t g = 0; g < graphs.node_counts.size(); ++g) {
    const at::Tensor within = hash_tensor(seed, {edges}, static_cast<uint32_t>(graphs.node_counts[g]));
    for (int64_t i = 0; i < graphs.edge_counts[g]; ++i) {
      ends.push_back(first_node + within[static_cast<int64_t>(ends.size())].item<int64_t>());
    }
    first_node += graphs.node_counts[g];
  }
  return ends;
}

}  // namespace

FingerprintCase ogbg_fingerprint_case(int64_t tasks) {
  constexpr int64_t kGraphs = 4;
  constexpr int64_t kNodes = 19;
  constexpr int64_t kEdges = 30;
  GraphList graphs;
  graphs.node_counts = {5, 7, 4, 3};
  graphs.edge_counts = {8, 12, 6, 4};
  graphs.node_features = floats(hash_tensor(1001, {kNodes, kAtomFeatures}, 5));
  graphs.edge_features = floats(hash_tensor(1002, {kEdges, kBondFeatures}, 3));
  graphs.senders = edge_ends(1003, graphs, kEdges);
  graphs.receivers = edge_ends(1004, graphs, kEdges);
  Batch batch = graph_batch(graphs);
  batch.examples = kGraphs - 1;
  batch.tensors["targets"] = hash_tensor(1005, {kGraphs, tasks}, 2).to(at::kFloat);
  at::Tensor weights = hash_tensor(1006, {kGraphs, tasks}, 4).ne(0);
  weights[kGraphs - 1].fill_(false);
  batch.tensors["weights"] = weights;
  return {.name = "g4",
          .batch = batch,
          .soft_targets = false,
          .always_masked = true,
          .reference_names = {{"inputs", "inputs.nodes"},
                              {"edges", "inputs.edges"},
                              {"senders", "inputs.senders"},
                              {"receivers", "inputs.receivers"},
                              {"n_node", "inputs.n_node"},
                              {"n_edge", "inputs.n_edge"}}};
}

}  // namespace timetrial
