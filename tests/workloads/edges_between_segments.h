#pragma once

#include <algorithm>
#include <cstdint>

#include "workloads/tpugraphs_layout/layout_file.h"

namespace timetrial {

// Edges that training on segments leaves out.
inline int64_t edges_between_segments(const MeasuredProgram& program) {
  const auto segment_of = [&](int32_t node) {
    return std::find_if(program.segments.begin(), program.segments.end(),
                        [&](const NodeRange& range) { return node < range.end; });
  };
  int64_t between = 0;
  for (size_t e = 0; e < program.graph.consumers.size(); ++e)
    between += segment_of(program.graph.consumers[e]) != segment_of(program.graph.producers[e]);
  return between;
}

}  // namespace timetrial
