#pragma once

#include <vector>

#include "workloads/tpugraphs_layout/layout_file.h"

namespace timetrial {

// Two made-up programs of seven and four nodes, three and one of them configurable, with four configurations
// each.
std::vector<MeasuredProgram> made_up_programs();

}  // namespace timetrial
