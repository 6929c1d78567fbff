#include "harness/journal/trial_spec.h"

#include <cmath>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TrialSpec example() {
  TrialSpec spec;
  spec.submission = "adamw";
  spec.submission_library = "/somewhere/adamw.so";
  spec.workload = "criteo1tb";
  spec.variant = "layernorm";
  spec.tier = "mini";
  spec.hyperparameters = {
      {"learning_rate", 0.1 + 0.2}, {"nesterov", true}, {"schedule", std::string("cosine")}};
  spec.ruleset = "demo";
  spec.seed = 0xFFFFFFFFFFFFFFFFULL;
  spec.target = {"loss", MetricGoal::minimize, 0.123735, 0.126041};
  spec.stop_rule = StopRule::validation_target;
  spec.budget_seconds = 30;
  spec.evaluation_period_seconds = 2;
  spec.default_batch_size = 512;
  spec.evaluation_batch_size = 4096;
  spec.clock = ClockMode::per_step;
  return spec;
}

TEST(TrialSpec, FieldsThatSayNothingNewAreLeftOut) {
  TrialSpec spec = example();
  const std::string before = trial_spec_to_json(spec);
  for (const char* field :
       {"host_allocator", "host_cache_gib", "kernel_cache", "step_graph", "audit_sync",
        "evaluation_period_steps", "futility_stop", "reference_drift", "isolation", "limits"}) {
    EXPECT_THAT(before, Not(HasSubstr(field)));
  }
  spec.host_allocator = HostAllocator::system;
  spec.host_cache_gib = 1.5;
  spec.kernel_cache = "/somewhere/kernel_cache";
  spec.step_graph = false;
  spec.audit_sync = true;
  spec.evaluation_period_steps = 125;
  spec.futility_stop = true;
  spec.reference_drift = 0.05;
  spec.isolation = IsolationLevel::sandbox;
  spec.limits = {1.5, 3, 0.5};
  const TrialSpec read = trial_spec_from_json(trial_spec_to_json(spec), "trial.json");
  EXPECT_EQ(read.host_allocator, HostAllocator::system);
  EXPECT_EQ(read.host_cache_gib, 1.5);
  EXPECT_EQ(read.kernel_cache, "/somewhere/kernel_cache");
  EXPECT_FALSE(read.step_graph);
  EXPECT_TRUE(read.audit_sync);
  EXPECT_EQ(read.evaluation_period_steps, 125);
  EXPECT_TRUE(read.futility_stop);
  EXPECT_EQ(read.reference_drift, 0.05);
  EXPECT_EQ(read.isolation, IsolationLevel::sandbox);
  EXPECT_EQ(read.limits, spec.limits);
  EXPECT_NE(trial_path(spec), trial_path(example()));
}

std::string error_of(const std::string& json) {
  try {
    trial_spec_from_json(json, "trial.json");
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

std::string with(const std::string& from, const std::string& to) {
  std::string json = trial_spec_to_json(example());
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(TrialSpec, ReadsBackExactly) {
  const std::string json = trial_spec_to_json(example());
  const TrialSpec read = trial_spec_from_json(json, "trial.json");
  EXPECT_EQ(trial_spec_to_json(read), json);
  EXPECT_EQ(read.seed, example().seed);
  EXPECT_EQ(std::get<double>(read.hyperparameters.at("learning_rate")), 0.1 + 0.2);
  EXPECT_EQ(read.clock, ClockMode::per_step);
  EXPECT_EQ(full_workload_name(read), "criteo1tb_layernorm");
}

TEST(TrialSpec, WithoutATestTargetThereIsNothingToReachOnTheTestSplit) {
  TrialSpec spec = example();
  EXPECT_FALSE(spec.target.test_reached(std::nan("")));
  spec.target.test = std::nullopt;
  const TrialSpec read = trial_spec_from_json(trial_spec_to_json(spec), "trial.json");
  EXPECT_FALSE(read.target.test.has_value());
  EXPECT_TRUE(read.target.test_reached(std::nan("")));
}

TEST(TrialSpec, NamesTheFieldThatIsMisspelled) {
  const std::string message = error_of(with("\"step_hint\"", "\"step_hnit\""));
  EXPECT_THAT(message, HasSubstr("step_hint"));
  EXPECT_THAT(message, HasSubstr("trial.json"));
}

TEST(TrialSpec, NamesAnUnknownField) {
  EXPECT_THAT(error_of(with("\"study\"", "\"colour\": \"red\", \"study\"")), HasSubstr("colour"));
}

TEST(TrialSpec, RefusesWrongTypesAndValues) {
  EXPECT_THAT(error_of(with("\"seed\": 18446744073709551615", "\"seed\": -1")), HasSubstr("seed"));
  EXPECT_THAT(error_of(with("\"minimize\"", "\"smaller\"")), HasSubstr("minimize, maximize"));
  EXPECT_THAT(error_of(with("\"budget_seconds\": 30.0", "\"budget_seconds\": 0.0")),
              HasSubstr("budget_seconds"));
  EXPECT_THAT(error_of(with("\"format\": 1", "\"format\": 2")), HasSubstr("another format"));
  EXPECT_THAT(error_of("{"), HasSubstr("not valid JSON"));
}

TEST(TrialSpec, AnotherSpecHasAnotherPlace) {
  TrialSpec changed = example();
  changed.seed -= 1;
  EXPECT_EQ(trial_path(example()), trial_path(example()));
  EXPECT_NE(trial_path(example()), trial_path(changed));
  EXPECT_THAT(trial_path(example()).string(), HasSubstr("demo/adamw/study_0/criteo1tb_layernorm/trial_0-"));
}

TEST(MetricTarget, EqualityReachesAndNanNever) {
  const MetricTarget loss{"loss", MetricGoal::minimize, 0.5, 0.5};
  EXPECT_TRUE(loss.reached(0.5, loss.validation));
  EXPECT_FALSE(loss.reached(std::nextafter(0.5, 1.0), loss.validation));
  EXPECT_FALSE(loss.reached(std::numeric_limits<double>::quiet_NaN(), loss.validation));
  const MetricTarget accuracy{"accuracy", MetricGoal::maximize, 0.5, 0.5};
  EXPECT_TRUE(accuracy.reached(0.5, accuracy.validation));
  EXPECT_FALSE(accuracy.reached(std::numeric_limits<double>::quiet_NaN(), accuracy.validation));
}

using TrialSpecFile = FolderTest;

TEST_F(TrialSpecFile, IsWholeOrAbsent) {
  write_trial_spec(folder_ / "new" / "trial", example());
  EXPECT_EQ(trial_spec_to_json(read_trial_spec(folder_ / "new" / "trial")), trial_spec_to_json(example()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "new" / "trial"), {}), 1);
  EXPECT_THROW(read_trial_spec(folder_), UserError);
}

}  // namespace
}  // namespace timetrial
