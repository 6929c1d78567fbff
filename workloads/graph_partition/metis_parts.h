#pragma once

#include <cstdint>
#include <vector>

namespace timetrial {

// An undirected graph in compressed rows: the neighbours of node i are neighbours[offsets[i]] up to
// neighbours[offsets[i + 1] - 1]. An edge stands with both of its nodes; no node is its own neighbour.
struct WeightedGraph {
  std::vector<int32_t> offsets = {0};  // [nodes + 1]
  std::vector<int32_t> neighbours;
  std::vector<int32_t> edge_weights;  // of each neighbour, at least 1
  int32_t constraints = 1;            // weights of a node; each of them is balanced
  std::vector<int32_t> node_weights;  // [nodes, constraints], not negative

  int32_t nodes() const { return static_cast<int32_t>(offsets.size()) - 1; }
};

// Whether this build has METIS (Debian's libmetis-dev when it was configured).
bool has_metis();

// The part of each node, 0 … parts - 1, by METIS's k-way partitioner (Karypis and Kumar 1998): the node
// weights of parts balanced, little edge weight between them; the same every time. A part may be empty.
// Throws UserError without METIS. Called while data are prepared only: METIS takes over the process's signal
// handlers during the call and draws from its random numbers. Other versions of METIS or of the C library may
// cut otherwise.
std::vector<int32_t> metis_parts(const WeightedGraph& graph, int32_t parts);

}  // namespace timetrial
