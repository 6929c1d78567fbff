// The search spaces that lie beside the libraries: whole, and read to the last name by the submission they
// belong to.

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/worker/trace_problem.h"
#include "submission_table.h"

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

// A list of points, or a space given by its corners.
std::vector<Point> points_of(const nlohmann::json& space) {
  std::vector<Point> points;
  if (space.is_array()) {
    for (const nlohmann::json& entry : space) {
      for (points.emplace_back(); const auto& [name, value] : entry.items()) {
        points.back()[name] = value.get<double>();
      }
    }
    return points;
  }
  Point low, high;
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
  return {low, high};
}

class SearchSpace : public testing::TestWithParam<SubmissionCase> {
 protected:
  void SetUp() override {
    if (GetParam().formula == nullptr) GTEST_SKIP() << "no search spaces beside the library";
  }
};

TEST_P(SearchSpace, PointsAreAcceptedAndFullyRead) {
  const std::string& library = GetParam().library;
  for (const Point& point : points_of(read_space(library + ".search_space.json"))) {
    expect_point_works(library, point);
  }
}

TEST_P(SearchSpace, MiniListHoldsFourPointsThatAreAcceptedAndFullyRead) {
  const std::string& library = GetParam().library;
  const std::vector<Point> points = points_of(read_space(library + ".search_space_mini.json"));
  ASSERT_EQ(points.size(), 4U);
  for (const Point& point : points) expect_point_works(library, point);
}

INSTANTIATE_TEST_SUITE_P(All, SearchSpace, testing::ValuesIn(submission_cases()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace timetrial
