#include "results/uncertainty/quantile_tables.h"

#include <cmath>

#include <gtest/gtest.h>

#include "results/uncertainty/miss_model.h"

namespace timetrial {
namespace {

// The value at `share`, which must be the middle of a slice of 1000.
double student(double degrees, std::size_t slice) {
  return student_quantiles(degrees, 1000)[slice];
}

TEST(StudentQuantiles, AgreeWithPrintedTables) {
  // With 1 and 2 degrees the quantile has a closed form: tan(pi (p - 1/2)); (2p - 1) / sqrt(2p (1 - p)).
  const double p = 0.9755;
  EXPECT_NEAR(student(1, 975), std::tan(M_PI * (p - 0.5)), 1e-2);
  EXPECT_NEAR(student(2, 975), (2 * p - 1) / std::sqrt(2 * p * (1 - p)), 1e-3);
  // Between the printed 0.975 quantile 2.571 and the 0.98 quantile 2.757.
  EXPECT_GT(student(5, 975), 2.571);
  EXPECT_LT(student(5, 975), 2.61);
  EXPECT_NEAR(student(100000, 975), normal_quantile(p), 1e-3);
}

TEST(StudentQuantiles, AreSymmetricAndRise) {
  const std::vector<double> quantiles = student_quantiles(2.5, 501);
  EXPECT_NEAR(quantiles[250], 0, 1e-12);
  for (std::size_t i = 0; i < 501; ++i) EXPECT_DOUBLE_EQ(quantiles[i], -quantiles[500 - i]);
  for (std::size_t i = 1; i < 501; ++i) EXPECT_GT(quantiles[i], quantiles[i - 1]);
}

TEST(NormalQuantile, IsTheInverse) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963985, 1e-8);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
  EXPECT_NEAR(normal_probability(normal_quantile(0.001)), 0.001, 1e-12);
}

TEST(HistogramQuantiles, ByHand) {
  // A quarter of the mass in [0, 1/2), the rest in [1/2, 1].
  const std::vector<double> quantiles = histogram_quantiles({1, 3}, 4);
  EXPECT_NEAR(quantiles[0], 0.25, 1e-12);           // share 1/8
  EXPECT_NEAR(quantiles[1], 0.5 + 0.5 / 6, 1e-12);  // share 3/8
  EXPECT_NEAR(quantiles[3], 0.5 + 2.5 / 6, 1e-12);  // share 7/8
}

double median_chance(const MissModel& model, const CellMisses& cell) {
  return model.quantiles(cell, 1001)[500];
}

TEST(MissModel, LearnsFromTheOtherCells) {
  std::vector<CellMisses> never(50, {5, 0});
  std::vector<CellMisses> mixed(50, {5, 0});
  mixed.insert(mixed.end(), 25, {5, 5});
  mixed.insert(mixed.end(), 25, {5, 2});
  EXPECT_LT(median_chance(MissModel(never), {2, 1}), median_chance(MissModel(mixed), {2, 1}));
  EXPECT_LT(median_chance(MissModel(mixed), {5, 0}), 0.1);
  EXPECT_GT(median_chance(MissModel(mixed), {5, 5}), 0.8);
}

}  // namespace
}  // namespace timetrial
