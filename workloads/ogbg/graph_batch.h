#pragma once

// Graphs of a batch, one after the other: nodes of graph g follow those of g - 1, and so do its edges.
//
// Tensors of a batch (N nodes, E edges, G graphs, T tasks; int64 but for what is said to be other):
//   "inputs"    [N, 9] float32  node features          "edges"     [E, 3] float32  edge features
//   "senders"   [E]  node an edge comes from           "receivers" [E]     node it goes to
//   "n_node"    [G]  nodes of each graph               "n_edge"    [G]     edges of each graph
//   "targets"   [G, T] float32  labels, 0 if missing   "weights"   [G, T] bool     whether there is a label
// and what follows from these, so that no step has to sort:
//   "node_graph"       [N]     graph of each node
//   "node_offsets"     [G + 1] nodes of graph g are [node_offsets[g], node_offsets[g + 1])
//   "sender_order"     [E]     edges in the order of their senders
//   "sender_offsets"   [N + 1] edges of sender n are sender_order[sender_offsets[n] .. sender_offsets[n + 1])
//   "receiver_offsets" [N + 1] likewise of receivers, by
//   "receiver_order"   [E]     which is left out when edges lie in that order, as the loader has them

#include <cstdint>
#include <vector>

#include "timetrial/batch.h"
#include "workloads/ogbg/molecules.h"

namespace timetrial {

// Directed graphs as lists, in any order of edges.
struct GraphList {
  std::vector<int64_t> node_counts;  // one a graph
  std::vector<int64_t> edge_counts;  // one a graph
  std::vector<int64_t> senders;      // counted over all graphs
  std::vector<int64_t> receivers;    // of the sender's graph
  std::vector<float> node_features;  // [nodes, 9]
  std::vector<float> edge_features;  // [edges, 3]
};

// Brings the edges into the order of their receivers; edges of one receiver stay in their order.
void sort_by_receiver(GraphList& graphs);

// All tensors but "targets" and "weights", edges as they lie.
Batch graph_batch(const GraphList& graphs);

// What a batch is filled up to with one graph of padding (all missing nodes; all missing edges lead from its
// first node to itself) and empty graphs after it. Padding has no labels.
struct BatchShape {
  int64_t graphs = 0;
  int64_t nodes = 0;
  int64_t edges = 0;
};

// The molecules `indices[0, count)`, every bond in both directions, edges sorted by receiver. No padding
// without `shape`. Throws
// std::logic_error when they do not fit into the shape with at least one graph and one node left.
Batch molecule_batch(const Molecules& molecules, const uint32_t* indices, int64_t count,
                     const BatchShape* shape = nullptr);

}  // namespace timetrial
