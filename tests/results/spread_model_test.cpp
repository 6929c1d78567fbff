#include "results/uncertainty/spread_model.h"

#include <cmath>

#include <gtest/gtest.h>

#include "gaussian_stream.h"

namespace timetrial {
namespace {

TEST(SpreadModel, PoolsByDegreesOfFreedom) {
  EXPECT_DOUBLE_EQ(pooled_variance({.variance = 4, .degrees = 3, .weight = 1}, {.variance = 1, .degrees = 1}),
                   3.25);
  EXPECT_DOUBLE_EQ(pooled_variance({.variance = 4, .degrees = 3, .weight = 1}, {}), 4);
}

TEST(SpreadModel, NothingToLearnFrom) {
  EXPECT_TRUE(fit_spread({}).empty());
  EXPECT_TRUE(fit_spread({{0, 0}, {0, 0}}).empty());
  const std::vector<SpreadPrior> certain = fit_spread({{0, 2}, {0, 1}});
  ASSERT_EQ(certain.size(), 1U);
  EXPECT_EQ(certain[0].variance, 0);
}

// Mean of log variance and of 1 / degrees over the priors.
std::pair<double, double> summary(const std::vector<SpreadPrior>& priors) {
  double log_variance = 0;
  double inverse_degrees = 0;
  double weight = 0;
  for (const SpreadPrior& prior : priors) {
    log_variance += prior.weight * std::log(prior.variance);
    inverse_degrees += prior.weight / prior.degrees;
    weight += prior.weight;
  }
  EXPECT_NEAR(weight, 1, 1e-12);
  return {log_variance, inverse_degrees};
}

TEST(SpreadModel, FindsThePriorThatManyCellsWereDrawnFrom) {
  for (const int degrees : {2, 4, 0}) {
    SCOPED_TRACE(degrees);
    GaussianStream random(3);
    std::vector<CellSpread> cells;
    for (int i = 0; i < 2000; ++i) {
      const double variance = degrees == 0 ? 0.01 : 0.01 * degrees / random.chi_square(degrees);
      cells.push_back({variance * random.chi_square(2) / 2, 2});
    }
    const auto [log_variance, inverse_degrees] = summary(fit_spread(cells));
    EXPECT_NEAR(log_variance, std::log(0.01), 0.15);
    EXPECT_NEAR(inverse_degrees, degrees == 0 ? 0 : 1.0 / degrees, 0.1);
  }
}

TEST(SpreadModel, ATiedCellDoesNotMakeTheOthersCertain) {
  const auto [log_variance, inverse_degrees] =
      summary(fit_spread({{0.01, 4}, {0.02, 4}, {0.015, 4}, {0, 4}}));
  EXPECT_GT(log_variance, std::log(1e-4));
  EXPECT_GT(inverse_degrees, 0);
}

TEST(SpreadModel, ScalesWithTheVariances) {
  const auto small = summary(fit_spread({{0.01, 2}, {0.03, 1}, {0.002, 4}}));
  const auto large = summary(fit_spread({{1, 2}, {3, 1}, {0.2, 4}}));
  EXPECT_NEAR(large.first - small.first, std::log(100), 1e-3);
  EXPECT_NEAR(large.second, small.second, 1e-3);
}

TEST(MedianDeviation, AgreesWithDrawnMedians) {
  EXPECT_NEAR(median_deviation(2), std::sqrt(0.5), 1e-6);
  GaussianStream random(5);
  for (const std::size_t count : {3U, 5U, 12U}) {
    double squares = 0;
    for (int i = 0; i < 40000; ++i) {
      std::vector<double> values(count);
      for (double& value : values) value = random.normal();
      std::sort(values.begin(), values.end());
      const double median = (values[(count - 1) / 2] + values[count / 2]) / 2;
      squares += median * median;
    }
    EXPECT_NEAR(median_deviation(count), std::sqrt(squares / 40000), 0.012) << count;
  }
}

}  // namespace
}  // namespace timetrial
