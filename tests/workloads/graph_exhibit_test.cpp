// What a trained graph optimizer shows of itself.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../temporary_folder.h"
#include "workloads/graph_optimizer/plan_timeline.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using nlohmann::json;
using GraphExhibit = FolderTest;

TEST_F(GraphExhibit, IsOfTheFirstTestGraphAndOfTheModelAsItStands) {
  make_preparation("graph_optimizer")->make_mini(folder_ / "graph_optimizer/mini", folder_, [](auto&&...) {});
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = folder_;
  const auto workload = make_workload("graph_optimizer", options);
  workload->build_model(1);
  const std::optional<Exhibit> exhibit = workload->exhibit();
  ASSERT_TRUE(exhibit);
  EXPECT_EQ(exhibit->kind, kPlanTimeline);
  const json told = json::parse(exhibit->content);
  EXPECT_EQ(told["graph"], "transformer_1_b32_d2");
  EXPECT_EQ(workload->exhibit()->content, exhibit->content);
  // A new policy keeps to the heuristic; one of large weights does not.
  at::Generator generator = seeded_generator(at::kCPU, 5);
  for (const Parameter& parameter : workload->parameters())
    parameter.tensor.detach().normal_(0, 3, generator);
  const json other = json::parse(workload->exhibit()->content);
  EXPECT_EQ(other["plans"]["heuristic"], told["plans"]["heuristic"]);
  EXPECT_NE(other["plans"]["policy"], told["plans"]["policy"]);
}

}  // namespace
}  // namespace timetrial
