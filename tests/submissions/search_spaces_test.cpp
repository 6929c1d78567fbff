// The search spaces that lie beside the libraries: whole, and read to the last name by the submission they
// belong to.

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/journal/hyperparameter_json.h"
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
  EXPECT_TRUE(std::isfinite(problem->current_loss())) << library;
}

// A list of points, or a space given by its corners.
std::vector<Point> points_of(const nlohmann::json& space) {
  std::vector<Point> points;
  if (space.is_array()) {
    for (const nlohmann::json& entry : space) points.push_back(hyperparameters_from_json(entry, "list"));
    return points;
  }
  nlohmann::json low, high;
  for (const auto& [name, dimension] : space.items()) {
    if (dimension.contains("feasible_points")) {
      low[name] = dimension["feasible_points"].front();
      high[name] = dimension["feasible_points"].back();
    } else {
      EXPECT_LT(dimension["min"].get<double>(), dimension["max"].get<double>()) << name;
      EXPECT_EQ(dimension["scaling"], "log") << name;
      low[name] = dimension["min"];
      high[name] = dimension["max"];
    }
  }
  return {hyperparameters_from_json(low, "low corner"), hyperparameters_from_json(high, "high corner")};
}

class SearchSpace : public testing::TestWithParam<SubmissionCase> {
 protected:
  void SetUp() override {
    if (GetParam().is_example) GTEST_SKIP() << "no search spaces beside the library";
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
