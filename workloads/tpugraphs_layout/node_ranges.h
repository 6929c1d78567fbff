#pragma once

#include <cstdint>
#include <vector>

namespace timetrial {

// Nodes that follow each other: [begin, end).
struct NodeRange {
  int64_t begin = 0;
  int64_t end = 0;

  bool operator==(const NodeRange&) const = default;
};

// The segments of a graph for Graph Segment Training (arXiv 2305.12322), whose nodes are in topological
// order: as few ranges of at most `most` nodes as there can be, of equal length but for one node. One range
// for `most` 0: the whole graph.
std::vector<NodeRange> contiguous_segments(int64_t nodes, int64_t most);

}  // namespace timetrial
