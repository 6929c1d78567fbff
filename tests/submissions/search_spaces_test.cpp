// The search spaces that lie beside the libraries: whole, and read to the last name by the submission they
// belong to.

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tested_submission.h"

namespace timetrial {
namespace {

nlohmann::json read_space(const std::string& name) {
  std::ifstream file(std::string(TIMETRIAL_SUBMISSION_DIR) + "/" + name);
  if (!file) throw std::runtime_error("not beside the libraries: " + name);
  return nlohmann::json::parse(file);
}

void expect_point_works(const std::string& library, const Point& point) {
  auto problem = make_trace_problem("mlp", at::kFloat);
  TestedSubmission submission(library, point, problem->parameters, 50);
  train(submission, *problem, 0, 2);
  EXPECT_TRUE(submission.hyperparameters().unread().empty()) << library;
}

class SearchSpace : public testing::TestWithParam<std::string> {};

TEST_P(SearchSpace, CornersAreAcceptedAndFullyRead) {
  Point low, high;
  const nlohmann::json space = read_space(GetParam() + ".search_space.json");
  for (const auto& [name, dimension] : space.items()) {
    if (dimension.contains("feasible_points")) {
      low[name] = dimension["feasible_points"].front().get<double>();
      high[name] = dimension["feasible_points"].back().get<double>();
    } else {
      EXPECT_LT(dimension["min"].get<double>(), dimension["max"].get<double>()) << name;
      EXPECT_EQ(dimension["scaling"], "log") << name;
      low[name] = dimension["min"].get<double>();
      high[name] = dimension["max"].get<double>();
    }
  }
  expect_point_works(GetParam(), low);
  expect_point_works(GetParam(), high);
}

TEST_P(SearchSpace, MiniListHoldsFourPointsThatAreAcceptedAndFullyRead) {
  const nlohmann::json list = read_space(GetParam() + ".search_space_mini.json");
  ASSERT_EQ(list.size(), 4U);
  for (const nlohmann::json& entry : list) {
    Point point;
    for (const auto& [name, value] : entry.items()) point[name] = value.get<double>();
    expect_point_works(GetParam(), point);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SearchSpace, testing::Values("adamw", "nesterov_momentum", "sync_free_adamw"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace timetrial
