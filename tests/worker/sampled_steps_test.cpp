#include "harness/worker/sampled_steps.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

std::vector<int64_t> sampled(uint64_t seed, int64_t begin, int64_t end) {
  std::vector<int64_t> steps;
  for (int64_t step = next_sampled_step(seed, begin); step < end; step = next_sampled_step(seed, step + 1))
    steps.push_back(step);
  return steps;
}

TEST(SampledSteps, AreOneInEachBlock) {
  const std::vector<int64_t> steps = sampled(7, 0, 100 * kStepsPerSample);
  ASSERT_EQ(steps.size(), 100U);
  for (size_t block = 0; block < steps.size(); ++block)
    EXPECT_EQ(steps[block] / kStepsPerSample, static_cast<int64_t>(block));
}

TEST(SampledSteps, AreTheSameWhereverATrialGoesOn) {
  const std::vector<int64_t> all = sampled(7, 0, 1000);
  for (int64_t begin = 0; begin < 200; ++begin) {
    std::vector<int64_t> expected = all;
    std::erase_if(expected, [&](int64_t step) { return step < begin; });
    ASSERT_EQ(sampled(7, begin, 1000), expected) << begin;
  }
  EXPECT_NE(sampled(8, 0, 1000), all);
}

// Whatever a submission does every `period` steps, its share of the sampled steps is that of all steps.
TEST(SampledSteps, MeetEveryPeriodAsOftenAsItOccurs) {
  const std::vector<int64_t> steps = sampled(7, 0, 20000 * kStepsPerSample);
  const auto count = static_cast<double>(steps.size());
  for (const int64_t period : {2, 3, 4, 5, 8, 10, 16, 20, 32, 48, 100}) {
    std::vector<double> hits(static_cast<size_t>(period));
    for (const int64_t step : steps) ++hits[static_cast<size_t>(step % period)];
    const double share = 1.0 / static_cast<double>(period);
    const double deviation = std::sqrt(share * (1 - share) / count);
    for (const double hit : hits) EXPECT_NEAR(hit / count, share, 5 * deviation) << "period " << period;
  }
}

}  // namespace
}  // namespace timetrial
