#pragma once

#include <cstdint>
#include <vector>

#include "workloads/tpugraphs_layout/layout_file.h"

namespace timetrial {

// Two made-up programs of seven and four nodes, three and one of them configurable, with four configurations
// each, and cut into ranges of at most `segment_nodes` nodes: 0: not cut.
std::vector<MeasuredProgram> made_up_programs(int64_t segment_nodes = 0);

}  // namespace timetrial
