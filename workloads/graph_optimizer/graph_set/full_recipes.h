#pragma once

#include <vector>

#include "workloads/graph_optimizer/graph_set/graph_recipes.h"

namespace timetrial {

std::vector<GraphRecipe> full_graph_recipes();

}  // namespace timetrial
