// The picture of two plans of a step: what the simulator says, as JSON.

#include "workloads/graph_optimizer/plan_timeline.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../temporary_folder.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/simulator/simulator.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

using nlohmann::json;

constexpr size_t kMostBytes = 64 * 1024;

// Kernels [device, start, end, operation] of each device, one after the other.
void expect_one_at_a_time(const json& kernels) {
  std::map<int64_t, std::vector<std::pair<int64_t, int64_t>>> spans;
  for (const json& kernel : kernels) spans[kernel[0]].emplace_back(kernel[1], kernel[2]);
  for (auto& [device, of_device] : spans) {
    std::sort(of_device.begin(), of_device.end());
    for (size_t i = 1; i < of_device.size(); ++i)
      EXPECT_GE(of_device[i].first, of_device[i - 1].second) << "device " << device << ", kernel " << i;
  }
}

int64_t last_end(const json& kernels) {
  int64_t end = 0;
  for (const json& kernel : kernels) end = std::max(end, kernel[2].get<int64_t>());
  return end;
}

class PlanTimelines : public FolderTest {
 protected:
  PlanTimelines() {
    make_preparation("graph_optimizer")->make_mini(folder_ / "graph_optimizer/mini", folder_, [](auto&&...) {
    });
    for (auto& graph : read_planned_graphs(folder_ / "graph_optimizer/mini", "train", kAllTasks))
      if (graph->graph.name == "resnet_bottleneck_b32_d4") planned_ = graph;
  }

  // Everything on device 0, node by node.
  Plan alone() const {
    Plan plan = planned_->start;
    std::fill(plan.device.begin(), plan.device.end(), 0U);
    std::fill(plan.fusion_level.begin(), plan.fusion_level.end(), kNeverFuse);
    return plan;
  }

  std::shared_ptr<const PlannedGraph> planned_;  // 580 nodes on 4 devices
};

TEST_F(PlanTimelines, TellWhatTheSimulatorSays) {
  const std::string text = plan_timeline(*planned_, alone());
  EXPECT_LT(text.size(), kMostBytes);
  const json told = json::parse(text);
  EXPECT_EQ(told["graph"], "resnet_bottleneck_b32_d4");
  EXPECT_EQ(told["devices"], 4);
  Simulator simulator(planned_->flow, planned_->graph.machine);
  for (const auto& [name, plan] : {std::pair{"heuristic", planned_->start}, {"policy", alone()}}) {
    SCOPED_TRACE(name);
    const SimulationResult result = simulator.run(plan);
    const json& shown = told["plans"][name];
    EXPECT_EQ(shown["kernels"].size(), result.kernels);
    EXPECT_EQ(shown["transfers"].size(), result.transfers);
    EXPECT_EQ(shown["makespan_ns"], result.makespan_ps / 1000);
    EXPECT_EQ(shown["fits"], result.valid());
    EXPECT_EQ(last_end(shown["kernels"]), shown["makespan_ns"]);
    expect_one_at_a_time(shown["kernels"]);
  }
  EXPECT_FALSE(told["plans"]["heuristic"]["transfers"].empty());
  EXPECT_TRUE(told["plans"]["policy"]["transfers"].empty());
  EXPECT_FALSE(told["plans"]["policy"]["fits"]);  // no graph fits on one device
}

TEST_F(PlanTimelines, NameTheOperationOfEveryKernel) {
  const json told = json::parse(plan_timeline(*planned_, alone()));
  Timeline timeline;
  Simulator(planned_->flow, planned_->graph.machine).run(alone(), &timeline);
  const json& kernels = told["plans"]["policy"]["kernels"];
  ASSERT_EQ(kernels.size(), timeline.kernels.size());
  for (size_t i = 0; i < timeline.kernels.size(); ++i)
    EXPECT_EQ(told["operations"].at(kernels[i][3].get<size_t>()),
              planned_->flow.node(timeline.kernels[i].root).name);
}

}  // namespace
}  // namespace timetrial
