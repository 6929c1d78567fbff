#include "results/report/memory_used.h"

#include <gtest/gtest.h>

#include "made_up_trials.h"

namespace timetrial {
namespace {

TEST(MemoryUsed, IsTheLargestOverTrialsAndAttempts) {
  TrialResult resumed = made_up_trial({"a", "mnist", 0, 0}, {{8, 0.95}});
  resumed.memory = {{"caching", true, 50, 0, {{"startup", {9, 1, 0}}}},
                    {"caching", false, 40, 0, {{"startup", {3, 2, 0}}, {"training", {7, 5, 0}}}}};
  TrialResult other = made_up_trial({"a", "mnist", 0, 1}, {{8, 0.95}});
  other.memory = {{"system", true, 0, 4, {{"training", {8, 0, 3}}}}};
  const MemoryUsedTable table =
      memory_used({resumed, other, made_up_trial({"a", "mnist", 1, 0}, {{8, 0.95}})});
  const MemoryUsed& used = table.at("mnist").at("a");
  EXPECT_EQ(used.trials, 2);
  EXPECT_EQ(used.without_huge_pages, 1);
  EXPECT_EQ(used.host_reserved, 50);
  EXPECT_EQ(used.device_reserved, 4);
  EXPECT_EQ(used.host_allocators, (std::set<std::string>{"caching", "system"}));
  EXPECT_EQ(used.phases.at("startup").resident, 9);
  EXPECT_EQ(used.phases.at("startup").host, 2);
  EXPECT_EQ(used.phases.at("training").resident, 8);
  EXPECT_EQ(used.phases.at("training").host, 5);
  EXPECT_EQ(used.phases.at("training").device, 3);
  EXPECT_EQ(used.phases.count("evaluation"), 0U);
}

TEST(MemoryUsed, TrialsThatTellNothingTakeNoPart) {
  EXPECT_TRUE(memory_used({made_up_trial({"a", "mnist"}, {{8, 0.95}})}).empty());
}

}  // namespace
}  // namespace timetrial
