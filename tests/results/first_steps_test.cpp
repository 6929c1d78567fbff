#include "results/report/first_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/journal/kernel_cache_facts.h"
#include "made_up_trials.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TrialResult trial_on_gpu(int64_t study, const std::string& cache, const std::string& files, double seconds) {
  TrialResult trial = made_up_trial({"a", "mnist", study, 0}, {{seconds, 0.5}, {8, 0.95}});
  trial.evaluations.front().step = 1;
  trial.starts.front().provenance[kKernelCache] = cache;
  trial.starts.front().provenance[kKernelCacheFiles] = files;
  return trial;
}

TEST(FirstSteps, OfTrialsThatFoundKernelsStandBesideTheOthers) {
  const FirstStepsTable table =
      first_steps({trial_on_gpu(0, "warm", "0", 5), trial_on_gpu(1, "cold", "0", 4),
                   trial_on_gpu(2, "warm", "12", 1), trial_on_gpu(3, "warm", "9", 2)});
  const FirstSteps& steps = table.at("mnist").at("a");
  EXPECT_THAT(steps.cold, ElementsAre(5, 4));
  EXPECT_THAT(steps.warm, ElementsAre(1, 2));
  EXPECT_EQ(saved_seconds(steps), 3);
}

TEST(FirstSteps, NothingIsSavedThatWasNotMeasured) {
  EXPECT_EQ(saved_seconds({{4}, {}}), std::nullopt);
  EXPECT_EQ(saved_seconds({{}, {4}}), std::nullopt);
}

TEST(FirstSteps, TrialsThatDoNotTellTakeNoPart) {
  TrialResult resumed = trial_on_gpu(0, "cold", "0", 3);
  resumed.evaluations.erase(resumed.evaluations.begin());
  TrialResult on_cpu = made_up_trial({"a", "mnist"}, {{3, 0.5}});
  on_cpu.evaluations.front().step = 1;
  EXPECT_THAT(first_steps({resumed, on_cpu, made_up_trial({"a", "mnist"}, {})}), IsEmpty());
}

}  // namespace
}  // namespace timetrial
