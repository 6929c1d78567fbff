#include "workloads/graph_optimizer/graph_set/graph_set_writer.h"

#include "harness/errors/user_error.h"
#include "workloads/graph_optimizer/graphs/exported_conversion.h"
#include "workloads/graph_optimizer/graphs/graph_file.h"
#include "workloads/graph_optimizer/simulator/memory_limit.h"

namespace timetrial {

MadeGraph made_graph(const GraphRecipe& recipe) {
  Machine machine;
  machine.devices = recipe.devices;
  MadeGraph made{graph_to_optimize(recipe.name, recipe.make(), machine), {}};
  const Dataflow flow(made.graph.graph);
  for (;; made.memory_percent += kMemoryStepPercent) {
    made.graph.machine.memory_bytes = binding_memory_bytes(flow, machine, made.memory_percent);
    try {
      made.heuristics = compute_heuristics(made.graph);
      return made;
    } catch (const UserError&) {
      if (made.memory_percent >= kMostMemoryPercent) throw;
    }
  }
}

void write_graph_set(const std::vector<GraphRecipe>& recipes, const std::filesystem::path& folder,
                     const GraphProgress& progress) {
  std::map<std::string, GraphHeuristics> all;
  for (const GraphRecipe& recipe : recipes) {
    const MadeGraph made = made_graph(recipe);
    std::filesystem::create_directories(folder / recipe.split);
    write_graph_file(made.graph, folder / recipe.split / (recipe.name + ".npz"));
    progress(made);
    all[recipe.name] = made.heuristics;
  }
  write_heuristics(folder / kBaselinesFile, all);
}

}  // namespace timetrial
