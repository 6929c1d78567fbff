// Every submission against 50 recorded steps of the reference optimizers, through its shared library.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/worker/trace_problem.h"
#include "tested_submission.h"

namespace timetrial {
namespace {

const std::filesystem::path kGoldenFile =
    TIMETRIAL_SOURCE_DIR "/../shared/golden/parity/optimizers_shared.json";

const nlohmann::json& golden_runs() {
  static const nlohmann::json golden = nlohmann::json::parse(std::ifstream(kGoldenFile));
  return golden["runs"];
}

struct Trajectory {
  std::string library;
  std::string run;
  Point point;
  int64_t step_hint;
};

void PrintTo(const Trajectory& trajectory, std::ostream* out) {
  *out << trajectory.library << "/" << trajectory.run;
}

Point adamw_point(Point extras) {
  extras.insert({{"learning_rate", 0.01}, {"one_minus_beta1", 0.1}, {"beta2", 0.999}, {"weight_decay", 0.1}});
  extras.insert({"warmup_factor", 0.0});  // unless given
  return extras;
}

std::vector<Trajectory> trajectories() {
  std::vector<Trajectory> all;
  for (const std::string library : {"adamw", "sync_free_adamw"}) {
    all.push_back({library, "adamw", adamw_point({}), kEndless});
    all.push_back({library, "adamw_fused", adamw_point({}), kEndless});
    all.push_back({library, "adamw_clip1", adamw_point({{"grad_clip", 1.0}}), kEndless});
    all.push_back({library, "adamw_warmup_cosine", adamw_point({{"warmup_factor", 0.1}}), 50});
  }
  const Point momentum_point = {{"learning_rate", 0.05},
                                {"one_minus_beta1", 0.1},
                                {"weight_decay", 1e-3},
                                {"warmup_factor", 0.0},
                                {"end_factor", 1.0}};  // constant
  all.push_back({"nesterov_momentum", "sgd_nesterov", momentum_point, kEndless});
  all.push_back({"heavy_ball", "sgd_momentum", momentum_point, kEndless});
  return all;
}

double largest_difference(const at::Tensor& tensor, const nlohmann::json& golden) {
  const at::Tensor flat = tensor.detach().to(at::kDouble).contiguous().flatten();
  const auto values = golden["values"].get<std::vector<double>>();
  EXPECT_EQ(static_cast<std::size_t>(flat.numel()), values.size());
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    largest = std::max(largest, std::abs(flat.const_data_ptr<double>()[i] - values[i]));
  }
  return largest;
}

class GoldenTrajectory : public testing::TestWithParam<std::tuple<Trajectory, std::string>> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kGoldenFile)) GTEST_SKIP() << "golden data not here: " << kGoldenFile;
  }

  // Parameters and loss after 0, 10 ... 50 steps, relative to the largest entry of their tensor and to the
  // loss.
  static void expect_recorded_trajectory(at::ScalarType dtype, const std::string& suffix, double tolerance) {
    const auto& [trajectory, problem_name] = GetParam();
    const nlohmann::json& golden = golden_runs()[trajectory.run][problem_name + suffix];
    auto problem = make_trace_problem(problem_name, dtype);
    TestedSubmission submission(trajectory.library, trajectory.point, problem->parameters,
                                trajectory.step_hint);
    for (int64_t step = 0; step <= 50; step += 10) {
      if (step > 0) train(submission, *problem, step - 10, step);
      const nlohmann::json& recorded = golden[std::to_string(step)];
      const auto loss = recorded["loss"].get<double>();
      EXPECT_NEAR(problem->current_loss(), loss, tolerance * loss) << "after step " << step;
      // In float32 only the last step's parameters are recorded.
      if (step < 50 && !recorded.contains("params")) continue;
      ASSERT_EQ(recorded["params"].size(), problem->parameters.size());
      for (std::size_t p = 0; p < problem->parameters.size(); ++p) {
        const Parameter& parameter = problem->parameters[p];
        EXPECT_EQ(recorded["params"][p]["name"], parameter.name);
        const double size = parameter.tensor.detach().abs().max().item<double>();
        EXPECT_LE(largest_difference(parameter.tensor, recorded["params"][p]), tolerance * size)
            << parameter.name << " after step " << step;
      }
    }
  }
};

TEST_P(GoldenTrajectory, Float64FollowsTheReferenceToTenDigits) {
  expect_recorded_trajectory(at::kDouble, "_float64", 1e-10);
}

// The reference's own float32 is about as far from its float64 as this.
TEST_P(GoldenTrajectory, Float32FollowsTheReferencesFloat32ToOneInAMillion) {
  expect_recorded_trajectory(at::kFloat, "_float32", 1e-6);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenTrajectory,
                         testing::Combine(testing::ValuesIn(trajectories()),
                                          testing::Values(std::string("quad"), std::string("mlp"))),
                         [](const auto& test) {
                           const Trajectory& trajectory = std::get<0>(test.param);
                           return trajectory.library + "_as_" + trajectory.run + "_on_" +
                                  std::get<1>(test.param);
                         });

TEST(SelfTuning, NesterovMomentumNamesTheHyperparameterItNeeds) {
  auto problem = make_trace_problem("mlp", at::kFloat);
  try {
    TestedSubmission submission("nesterov_momentum", {{"lerning_rate", 0.1}}, problem->parameters, 100);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("'learning_rate' is missing; did you mean 'lerning_rate'?"),
              std::string::npos)
        << error.what();
  }
}

TEST(Template, TrainsFromItsOwnSearchSpace) {
  auto problem = make_trace_problem("mlp", at::kFloat);
  const double before = problem->current_loss();
  TestedSubmission submission("my_adamw", {{"learning_rate", 0.01}, {"weight_decay", 0.01}},
                              problem->parameters, 50);
  train(submission, *problem, 0, 50);
  EXPECT_LT(problem->current_loss(), 0.8 * before);
  EXPECT_TRUE(submission.hyperparameters().unread().empty());
}

}  // namespace
}  // namespace timetrial
