#pragma once

#include <cstdint>

namespace timetrial {

enum class SegmentCut { none, contiguous, metis };

// How programs are cut into the segments of Graph Segment Training (arXiv 2305.12322): not at all, into
// ranges of their topological order (node_ranges.h), or by METIS (metis_segments.h).
struct Segmentation {
  SegmentCut cut = SegmentCut::none;
  int64_t most_nodes = 0;  // of a segment
};

// Of the paper's TpuGraphs; the graphs of the mini tier are much smaller.
inline constexpr int64_t kFullSegmentNodes = 1000;
inline constexpr int64_t kMiniSegmentNodes = 64;

}  // namespace timetrial
