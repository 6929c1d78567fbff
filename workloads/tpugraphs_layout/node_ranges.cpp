#include "workloads/tpugraphs_layout/node_ranges.h"

namespace timetrial {

std::vector<NodeRange> contiguous_segments(int64_t nodes, int64_t most) {
  const int64_t segments = most == 0 ? 1 : (nodes + most - 1) / most;
  std::vector<NodeRange> ranges;
  for (int64_t s = 0; s < segments; ++s) ranges.push_back({nodes * s / segments, nodes * (s + 1) / segments});
  return ranges;
}

}  // namespace timetrial
