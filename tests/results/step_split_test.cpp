#include "results/report/step_split.h"

#include <gtest/gtest.h>

#include "made_up_trials.h"

namespace timetrial {
namespace {

TEST(StepSplit, SumsOverAttemptsAndTrials) {
  TrialResult resumed = made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}});
  resumed.step_times = {{2, 1, 2, 3, 4, 5, 6, 7, 28}, {1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 3.5}};
  TrialResult other = made_up_trial({"a", "mnist", 0, 1}, {{1, 0.95}});
  other.step_times = {{1, 0, 0, 1, 2, 0, 1, 0, 4}};
  const StepSplit split = step_split({resumed, other}).at("mnist").at("a");
  EXPECT_EQ(split.trials, 2);
  EXPECT_EQ(split.seconds.sampled_steps, 4);
  EXPECT_EQ(split.seconds.step, 35.5);
  double sum = 0;
  std::vector<std::string> names;
  for (const auto& [name, seconds] : step_parts(split.seconds)) {
    sum += seconds;
    names.push_back(name);
  }
  EXPECT_EQ(sum, split.seconds.step);
  EXPECT_EQ(names, (std::vector<std::string>{"data_wait", "host_to_device", "forward", "backward",
                                             "gradient_averaging", "update", "residual"}));
}

TEST(StepSplit, ATrialWithoutSampledStepsTakesNoPart) {
  TrialResult imported = made_up_trial({"a", "mnist"}, {{1, 0.95}});
  TrialResult short_one = made_up_trial({"b", "mnist"}, {{1, 0.95}});
  short_one.step_times = {{}};
  EXPECT_TRUE(step_split({imported, short_one}).empty());
}

}  // namespace
}  // namespace timetrial
