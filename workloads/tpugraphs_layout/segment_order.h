#pragma once

#include <cstdint>
#include <vector>

#include "workloads/tpugraphs_layout/layout_file.h"

namespace timetrial {

// Numbers the nodes of a program anew, so that those of a segment follow each other, in their former order,
// and enters the segments. `segment_of_node` [nodes]: 0 … segments - 1, none of them empty. It is the same
// graph; `splits`, which are places in the old order, are dropped.
void order_by_segment(MeasuredProgram& program, const std::vector<int32_t>& segment_of_node);

}  // namespace timetrial
