// The graphs of graph_optimizer's data sets, exported from the models anew.

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "workloads/data/whole_file.h"
#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/graph_optimizer/graph_set/graph_set_writer.h"
#include "workloads/graph_optimizer/simulator/simulator.h"
#include "workloads/graph_partition/metis_parts.h"

namespace timetrial {
namespace {

TEST(GraphSet, EveryFullGraphCanBeMadeAndPlanned) {
  std::set<std::string> names;
  std::map<std::string, int> split_sizes;
  for (const GraphRecipe& recipe : graph_recipes(Tier::full)) {
    const MadeGraph made = made_graph(recipe);
    EXPECT_TRUE(names.insert(recipe.name).second) << recipe.name;
    ++split_sizes[recipe.split];
    EXPECT_EQ(made.graph.machine.devices, recipe.devices);
    EXPECT_LE(made.graph.machine.devices, kPolicyDevices);
    const Dataflow flow(made.graph.graph);
    Simulator simulator(flow, made.graph.machine);
    EXPECT_TRUE(simulator.run(made.graph.all_tasks).valid()) << recipe.name;
    EXPECT_FALSE(simulator.run({}).valid()) << recipe.name << " fits on one device";
  }
  EXPECT_EQ(split_sizes, (std::map<std::string, int>{{"train", 12}, {"valid", 2}, {"test", 2}}));
}

// So nobody has to trust a file whose origin is only told.
TEST(GraphSet, TheMiniGraphsOfThisProgramAreWhatItsModelsGive) {
  if (!has_metis()) GTEST_SKIP() << "this build has no METIS";
#ifdef __clang__
  // C++ leaves open which operand of an expression is computed first, and so where it stands in the graph.
  GTEST_SKIP() << "the graphs are recorded from models compiled by GCC";
#endif
  const TemporaryFolder folder;
  write_graph_set(graph_recipes(Tier::mini), folder.path(), [](const MadeGraph&) {});
  const std::filesystem::path committed = TIMETRIAL_SOURCE_DIR "/workloads/graph_optimizer/mini";
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(committed)) {
    if (!entry.is_regular_file()) continue;
    const auto name = std::filesystem::relative(entry.path(), committed);
    EXPECT_EQ(read_whole_file(folder.path() / name), read_whole_file(entry.path())) << name;
    ++files;
  }
  EXPECT_EQ(files, 12 + 2 + 2 + 1);
}

}  // namespace
}  // namespace timetrial
