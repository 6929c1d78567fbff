// `timetrial-worker optimizer-trace` against 50 recorded steps of the reference optimizers, and what it says
// to wrong questions.

#include <fstream>

#include <nlohmann/json.hpp>

#include "end_to_end.h"

namespace timetrial {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::filesystem::path kRecordedFile =
    TIMETRIAL_SOURCE_DIR "/../shared/golden/parity/optimizers_shared.json";

// A schedule without warm-up then keeps its peak, to the last bit but a few.
const std::string kEndless = "1125899906842624";

// Needs no data sets, unlike the tests that train.
ProgramEnd trace(const std::string& library, const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {TIMETRIAL_WORKER_PROGRAM, "optimizer-trace", library};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_program(arguments);
}

std::string submission(const std::string& name) {
  return std::string(TIMETRIAL_SUBMISSION_DIR) + "/" + name + ".so";
}

void expect_refused(const ProgramEnd& end, const testing::Matcher<const std::string&>& message) {
  EXPECT_EQ(end.exit_code, kUserError);
  EXPECT_THAT(end.output, message);
}

struct RecordedTrace {
  std::string name;
  std::string submission;
  std::string run;
  std::string problem;
  std::string dtype;
  std::string hyperparameters;
  std::string step_hint;
};

void PrintTo(const RecordedTrace& recorded, std::ostream* out) {
  *out << recorded.name;
}

class RecordedOptimizerTrace : public testing::TestWithParam<RecordedTrace> {};

void expect_near(const json& found, const json& recorded, double tolerance, const std::string& where) {
  EXPECT_EQ(found.at("name"), recorded.at("name")) << where;
  EXPECT_EQ(found.at("shape"), recorded.at("shape")) << where;
  const auto values = found.at("values").get<std::vector<double>>();
  const auto expected = recorded.at("values").get<std::vector<double>>();
  ASSERT_EQ(values.size(), expected.size()) << where;
  double size = 0;
  for (const double value : expected) size = std::max(size, std::abs(value));
  for (size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], tolerance * size) << where;
}

TEST_P(RecordedOptimizerTrace, FollowsTheReference) {
  if (!std::filesystem::exists(kRecordedFile)) GTEST_SKIP() << "recorded runs not here: " << kRecordedFile;
  const RecordedTrace& wanted = GetParam();
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("timetrial-trace-" + wanted.name + ".json");
  const ProgramEnd end =
      trace(submission(wanted.submission),
            {"--problem", wanted.problem, "--dtype", wanted.dtype, "--hyperparameters",
             wanted.hyperparameters, "--step-hint", wanted.step_hint, "--json", file.string()});
  ASSERT_EQ(end.exit_code, kDone) << end.output;
  const json runs = json::parse(std::ifstream(file)).at("runs");
  std::filesystem::remove(file);

  const std::string key = wanted.problem + "_" + wanted.dtype;
  const json found = runs.at(wanted.submission).at(key);
  const json recorded = json::parse(std::ifstream(kRecordedFile)).at("runs").at(wanted.run).at(key);
  const double tolerance = wanted.dtype == "float64" ? 1e-10 : 1e-6;
  EXPECT_EQ(found.size(), 6U);
  ASSERT_TRUE(recorded.at("50").contains("params"));
  for (const auto& [step, point] : found.items()) {
    const json& expected = recorded.at(step);
    const auto loss = expected.at("loss").get<double>();
    EXPECT_NEAR(point.at("loss").get<double>(), loss, tolerance * loss) << "step " << step;
    if (!expected.contains("params")) continue;  // in float32 only those of the last step were recorded
    ASSERT_EQ(point.at("params").size(), expected.at("params").size());
    for (size_t p = 0; p < point.at("params").size(); ++p) {
      expect_near(point["params"][p], expected["params"][p], tolerance, "step " + step);
    }
  }
}

const std::string kAdamw =
    R"({"learning_rate": 0.01, "one_minus_beta1": 0.1, "beta2": 0.999, "weight_decay": 0.1, "warmup_factor": 0.0})";
const std::string kAdamwWithWarmup =
    R"({"learning_rate": 0.01, "one_minus_beta1": 0.1, "beta2": 0.999, "weight_decay": 0.1, "warmup_factor": 0.1})";
const std::string kNesterov =
    R"({"learning_rate": 0.05, "one_minus_beta1": 0.1, "weight_decay": 1e-3, "warmup_factor": 0.0, "end_factor": 1.0})";

INSTANTIATE_TEST_SUITE_P(
    All, RecordedOptimizerTrace,
    testing::Values(RecordedTrace{"AdamwOnQuad", "adamw", "adamw", "quad", "float64", kAdamw, kEndless},
                    RecordedTrace{"AdamwOnMlp", "adamw", "adamw", "mlp", "float64", kAdamw, kEndless},
                    RecordedTrace{"AdamwInSinglePrecision", "adamw", "adamw", "quad", "float32", kAdamw,
                                  kEndless},
                    RecordedTrace{"AdamwWithItsSchedule", "adamw", "adamw_warmup_cosine", "mlp", "float64",
                                  kAdamwWithWarmup, "50"},
                    RecordedTrace{"NesterovMomentum", "nesterov_momentum", "sgd_nesterov", "mlp", "float64",
                                  kNesterov, kEndless}),
    [](const auto& test) { return test.param.name; });

TEST(OptimizerTrace, GoesToStandardOutputAndEndsWithTheLastStepAsked) {
  const ProgramEnd end = trace(submission("adamw"), {"--problem", "mlp", "--steps", "13"});
  ASSERT_EQ(end.exit_code, kDone) << end.output;
  const json points = json::parse(end.output).at("runs").at("adamw").at("mlp_float32");
  EXPECT_EQ(points.size(), 3U);
  EXPECT_LT(points.at("13").at("loss").get<double>(), points.at("0").at("loss").get<double>());
  EXPECT_TRUE(points.contains("10"));
}

TEST(OptimizerTrace, AnUnknownProblemIsRefusedWithTheKnownOnes) {
  expect_refused(trace(submission("adamw"), {"--problem", "sphere"}),
                 AllOf(HasSubstr("no such problem"), HasSubstr("sphere"), HasSubstr("quad or mlp")));
}

TEST(OptimizerTrace, HyperparametersThatAreNotJsonAreRefusedWithTheText) {
  expect_refused(trace(submission("adamw"), {"--problem", "mlp", "--hyperparameters", "{learning_rate: 1}"}),
                 AllOf(HasSubstr("--hyperparameters: not JSON"), HasSubstr("{learning_rate: 1}")));
  expect_refused(trace(submission("adamw"), {"--problem", "mlp", "--hyperparameters", "[1]"}),
                 AllOf(HasSubstr("must be a JSON object"), HasSubstr("[1]")));
  expect_refused(
      trace(submission("adamw"), {"--problem", "mlp", "--hyperparameters", R"({"learning_rate": null})"}),
      AllOf(HasSubstr("\"learning_rate\" must be a number"), HasSubstr("null")));
}

TEST(OptimizerTrace, AMisspelledHyperparameterIsNamed) {
  expect_refused(
      trace(submission("adamw"), {"--problem", "mlp", "--hyperparameters", R"({"lerning_rate": 0.1})"}),
      AllOf(HasSubstr("never read: lerning_rate"), HasSubstr("To cure it")));
}

TEST(OptimizerTrace, ASubmissionThatThrowsEndsItWithTheSubmissionsMessage) {
  const ProgramEnd end =
      trace(std::string(TIMETRIAL_MISBEHAVING_DIR) + "/throws_in_update.so", {"--problem", "mlp"});
  expect_refused(end, AllOf(HasSubstr("throws_in_update.so"), HasSubstr("update: ")));
}

TEST(OptimizerTrace, ALibraryThatIsNotThereAndAFileThatCannotBeWrittenAreNamed) {
  expect_refused(trace("nowhere/adamw.so", {"--problem", "mlp"}), HasSubstr("nowhere/adamw.so"));
  expect_refused(trace(submission("adamw"), {"--problem", "mlp", "--json", "/nowhere/trace.json"}),
                 HasSubstr("/nowhere/trace.json"));
  expect_refused(trace(submission("adamw"), {"--problem", "mlp", "--steps", "0"}),
                 HasSubstr("at least one step"));
}

}  // namespace
}  // namespace timetrial
