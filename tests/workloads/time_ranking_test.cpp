#include "workloads/metrics/time_ranking.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(OrderedPairs, CountsPairsInTheMeasuredOrder) {
  // Pairs by measurement: 1<2, 1<3, 1<4, 2<3, 2<4, 3<4; predicted right: all but 2<3.
  const std::vector<double> measured = {3, 1, 4, 2};
  const std::vector<float> predicted = {20, 10, 40, 30};
  const OrderedPairs pairs = ordered_pairs(predicted, measured);
  EXPECT_EQ(pairs.all, 6);
  EXPECT_EQ(pairs.right, 5);
  EXPECT_DOUBLE_EQ(pairs.accuracy(), 5.0 / 6);
}

TEST(OrderedPairs, EqualPredictionsAreNoOrder) {
  const OrderedPairs pairs = ordered_pairs(std::vector<float>{1, 1}, std::vector<double>{1, 2});
  EXPECT_EQ(pairs.all, 1);
  EXPECT_EQ(pairs.right, 0);
}

TEST(OrderedPairs, EqualMeasurementsAreNoPair) {
  const OrderedPairs pairs = ordered_pairs(std::vector<float>{1, 2, 3}, std::vector<double>{5, 5, 5});
  EXPECT_EQ(pairs.all, 0);
  EXPECT_EQ(pairs.accuracy(), 1);
}

TEST(OrderedPairs, WhatNoiseCouldTurnDoesNotCount) {
  const std::vector<double> measured = {100, 103, 104};  // 3 %, 4 % and 0.97 % apart
  const OrderedPairs pairs = ordered_pairs(std::vector<float>{3, 2, 1}, measured, 0.03);
  EXPECT_EQ(pairs.all, 1) << "a difference of the resolution itself is noise";
  EXPECT_EQ(pairs.right, 0);
}

TEST(KendallTau, IsThatOfHandWorkedLists) {
  // Six pairs, one in the wrong order: (5 - 1) / 6.
  EXPECT_DOUBLE_EQ(kendall_tau(std::vector<double>{20, 10, 40, 30}, std::vector<double>{3, 1, 4, 2}),
                   4.0 / 6);
  EXPECT_DOUBLE_EQ(kendall_tau(std::vector<double>{1, 2, 3}, std::vector<double>{10, 20, 30}), 1);
  EXPECT_DOUBLE_EQ(kendall_tau(std::vector<double>{3, 2, 1}, std::vector<double>{10, 20, 30}), -1);
}

TEST(KendallTau, TakesTiesOutOfItsScale) {
  // scipy.stats.kendalltau([1, 1, 2, 3], [1, 2, 3, 4]): 5 of 6 pairs ordered in the first list, all agree.
  EXPECT_DOUBLE_EQ(kendall_tau(std::vector<double>{1, 1, 2, 3}, std::vector<double>{1, 2, 3, 4}),
                   5 / (std::sqrt(5.0) * std::sqrt(6.0)));
  EXPECT_EQ(kendall_tau(std::vector<double>{1, 1}, std::vector<double>{1, 2}), 0);
  EXPECT_EQ(kendall_tau(std::vector<double>{}, std::vector<double>{}), 0);
}

TEST(TopKSlowdown, IsThatOfTheBestOfThePredictedBest) {
  const std::vector<double> measured = {30, 10, 20, 15};
  const std::vector<float> predicted = {1, 4, 2, 3};
  EXPECT_DOUBLE_EQ(top_k_slowdown(predicted, measured, 1), 2);
  EXPECT_DOUBLE_EQ(top_k_slowdown(predicted, measured, 2), 1);
  EXPECT_DOUBLE_EQ(top_k_slowdown(predicted, measured, 3), 0.5);
  EXPECT_DOUBLE_EQ(top_k_slowdown(predicted, measured, 4), 0);
  EXPECT_DOUBLE_EQ(top_k_slowdown(predicted, measured, 100), 0);
}

TEST(TopKSlowdown, OfEqualPredictionsTakesTheFirst) {
  EXPECT_DOUBLE_EQ(top_k_slowdown(std::vector<float>{1, 1}, std::vector<double>{20, 10}, 1), 1);
}

TEST(TimeRanking, RefusesListsOfDifferentLengths) {
  EXPECT_THROW(ordered_pairs(std::vector<float>{1}, std::vector<double>{1, 2}), std::logic_error);
  EXPECT_THROW(kendall_tau(std::vector<double>{1}, std::vector<double>{1, 2}), std::logic_error);
  EXPECT_THROW(top_k_slowdown(std::vector<float>{}, std::vector<double>{}, 1), std::logic_error);
}

}  // namespace
}  // namespace timetrial
