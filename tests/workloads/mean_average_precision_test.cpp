#include "workloads/metrics/mean_average_precision.h"

#include <cmath>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace timetrial {
namespace {

struct Column {
  std::vector<float> scores, labels, labelled;
};

double precision_of(const Column& column) {
  return average_precision({column.scores, column.labels, column.labelled, 1}, 0);
}

TEST(AveragePrecision, WorkedByHand) {
  // Ranked 1, 0, 1: precision 1 at recall 1/2, 2/3 at recall 1.
  EXPECT_DOUBLE_EQ(precision_of({{0.1f, 0.9f, 0.5f}, {1, 1, 0}, {1, 1, 1}}), 0.5 * 1 + 0.5 * 2 / 3);
  EXPECT_DOUBLE_EQ(precision_of({{0.1f, 0.2f, 0.3f}, {1, 0, 0}, {1, 1, 1}}), 1.0 / 3);
  EXPECT_DOUBLE_EQ(precision_of({{0.9f, 0.2f, 0.3f}, {1, 0, 0}, {1, 1, 1}}), 1);
}

TEST(AveragePrecision, EqualScoresCountTogether) {
  EXPECT_DOUBLE_EQ(precision_of({{1, 1, 1, 1}, {1, 0, 0, 0}, {1, 1, 1, 1}}), 0.25);
  EXPECT_DOUBLE_EQ(precision_of({{0.0f, -0.0f, -1}, {1, 0, 1}, {1, 1, 1}}), 0.5 * 0.5 + 0.5 * 2 / 3);
}

TEST(AveragePrecision, NegativeAndInfiniteScoresAreOrdered) {
  const float infinity = INFINITY;
  EXPECT_DOUBLE_EQ(precision_of({{-infinity, -2, -1, 1, infinity}, {0, 0, 0, 1, 1}, {1, 1, 1, 1, 1}}), 1);
  EXPECT_DOUBLE_EQ(precision_of({{-1, -2}, {0, 1}, {1, 1}}), 0.5);
}

TEST(AveragePrecision, EntriesWithoutALabelDoNotCount) {
  EXPECT_DOUBLE_EQ(precision_of({{0.9f, 0.8f, 0.1f}, {0, 1, 0}, {0, 1, 1}}), 1);
  EXPECT_DOUBLE_EQ(precision_of({{NAN, 0.8f, 0.1f}, {0, 1, 0}, {0, 1, 1}}), 1);
}

TEST(AveragePrecision, WhatIsNotDefined) {
  EXPECT_TRUE(std::isnan(precision_of({{0.9f}, {1}, {0}})));
  EXPECT_TRUE(std::isnan(precision_of({{NAN, 1}, {1, 0}, {1, 1}})));
  EXPECT_EQ(precision_of({{0.9f, 0.1f}, {1, 0}, {0, 1}}), 0);
}

TEST(MeanAveragePrecision, TasksWithOneClassAreLeftOut) {
  const std::vector<float> scores = {0.9f, 0.1f, 0.5f, 0.1f, 0.9f, 0.5f};
  const std::vector<float> labels = {1, 1, 0, 0, 1, 0};
  const std::vector<float> labelled(6, 1);
  EXPECT_DOUBLE_EQ(mean_average_precision({scores, labels, labelled, 3}), 1);
  EXPECT_TRUE(std::isnan(mean_average_precision({scores, std::vector<float>(6, 0), labelled, 3})));
}

std::vector<float> flat(const nlohmann::json& rows, size_t count) {
  std::vector<float> values;
  for (size_t i = 0; i < count; ++i) {
    for (const auto& value : rows[i]) values.push_back(value.get<float>());
  }
  return values;
}

TEST(MeanAveragePrecision, AgreesWithTheReference) {
  const std::string file =
      std::string(TIMETRIAL_SOURCE_DIR) + "/../shared/golden/parity/metrics/ogbg_map.json";
  std::ifstream stream(file);
  if (!stream) GTEST_SKIP() << "no " << file;
  const auto golden = nlohmann::json::parse(stream);
  const auto check = [&](size_t rows, const nlohmann::json& expected) {
    std::vector<float> scores = flat(golden.at("logits"), rows);
    for (float& score : scores) score = 1 / (1 + std::exp(-score));
    const std::vector<float> labels = flat(golden.at("labels"), rows);
    const std::vector<float> mask = flat(golden.at("mask"), rows);
    const TaskScores all{scores, labels, mask, 6};
    EXPECT_NEAR(mean_average_precision(all), expected.at("mean_average_precision").get<double>(), 1e-12);
    return all;
  };
  check(10, golden.at("metrics_first10_rows"));
  const size_t rows = golden.at("logits").size();
  const std::vector<float> labels = flat(golden.at("labels"), rows);
  check(rows, golden.at("metrics"));
  std::vector<float> scores = flat(golden.at("logits"), rows);
  const std::vector<float> mask = flat(golden.at("mask"), rows);
  for (int64_t task = 0; task < 6; ++task) {
    const auto& expected = golden.at("per_task_ap")[static_cast<size_t>(task)];
    if (expected.is_null()) continue;
    EXPECT_NEAR(average_precision({scores, labels, mask, 6}, task), expected.get<double>(), 1e-12) << task;
  }
}

}  // namespace
}  // namespace timetrial
