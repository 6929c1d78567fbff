#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "workloads/computation_graph/exported_graph.h"

namespace timetrial {

// Groups the nodes that lie with a weight. `seeds`: nodes (the weight, its optimizer state, its complete
// gradient) and their group. What a gradient that is a view shows joins its group. A node of the update joins
// the one group among its operands, and so its layer becomes that of the weight; one that takes from several,
// such as a norm over all gradients, joins none.
void assign_colocation(ExportedGraph& exported, const std::vector<std::pair<int32_t, int32_t>>& seeds);

}  // namespace timetrial
