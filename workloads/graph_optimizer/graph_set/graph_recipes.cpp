#include "workloads/graph_optimizer/graph_set/graph_recipes.h"

#include "workloads/graph_optimizer/graph_set/full_recipes.h"
#include "workloads/graph_optimizer/graph_set/mini_recipes.h"

namespace timetrial {

std::vector<GraphRecipe> graph_recipes(Tier tier) {
  return tier == Tier::mini ? mini_graph_recipes() : full_graph_recipes();
}

}  // namespace timetrial
