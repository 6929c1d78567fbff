#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "tuning/ruleset.h"

namespace timetrial {
namespace {

using nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;

ordered_json a_workload() {
  return {{"metric", "bleu"},     {"direction", "maximize"},   {"validation_target", 30.5},
          {"test_target", 30.25}, {"budget_seconds", 100},     {"evaluation_period_seconds", 10},
          {"step_hint", 1000},    {"default_batch_size", 128}, {"evaluation_batch_size", 64}};
}

ordered_json a_benchmark() {
  ordered_json workloads;
  workloads["wmt"] = a_workload();
  workloads["wmt_post_ln"] = {{"variant_of", "wmt"}, {"validation_target", 29.5}, {"test_target", 29.25}};
  return {{"name", "mine"},
          {"tier", "full"},
          {"default_hardware_class", "one"},
          {"hardware_classes", {{"one", workloads}}}};
}

std::string error_of(const ordered_json& benchmark) {
  try {
    parse_benchmark(benchmark.dump(), "mine.json");
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_with(const std::string& pointer, const ordered_json& value) {
  ordered_json benchmark = a_benchmark();
  benchmark[ordered_json::json_pointer(pointer)] = value;
  return error_of(benchmark);
}

TEST(Benchmark, ReadsEveryField) {
  const Benchmark benchmark = parse_benchmark(a_benchmark().dump(), "mine.json");
  const WorkloadRules& rules = benchmark.rules("one", "wmt");
  EXPECT_EQ(benchmark.tier, "full");
  EXPECT_EQ(rules.full_name(), "wmt");
  EXPECT_EQ(rules.metric, "bleu");
  EXPECT_FALSE(rules.minimize);
  EXPECT_EQ(rules.validation_target, 30.5);
  EXPECT_EQ(rules.test_target, 30.25);
  EXPECT_EQ(rules.budget_seconds, 100);
  EXPECT_EQ(rules.evaluation_period_seconds, 10);
  EXPECT_EQ(rules.step_hint, 1000);
  EXPECT_EQ(rules.default_batch_size, 128);
  EXPECT_EQ(rules.evaluation_batch_size, 64);
  EXPECT_EQ(rules.checkpoint_period_seconds, 0);
  EXPECT_EQ(rules.stall_limit_seconds, 600);
}

TEST(Benchmark, EvaluationsMayFallOnSteps) {
  ordered_json benchmark = a_benchmark();
  EXPECT_EQ(parse_benchmark(benchmark.dump(), "mine.json").rules("one", "wmt").evaluation_period_steps, 0);
  benchmark["hardware_classes"]["one"]["wmt"]["evaluation_period_steps"] = 125;
  const Benchmark by_steps = parse_benchmark(benchmark.dump(), "mine.json");
  EXPECT_EQ(by_steps.rules("one", "wmt").evaluation_period_steps, 125);
  EXPECT_EQ(by_steps.rules("one", "wmt_post_ln").evaluation_period_steps, 125);
  EXPECT_THAT(error_with("/hardware_classes/one/wmt/evaluation_period_steps", 0), HasSubstr("out of range"));
}

TEST(Benchmark, ATestTargetOfNullSaysThatThereIsNone) {
  ordered_json benchmark = a_benchmark();
  benchmark["hardware_classes"]["one"]["wmt"]["test_target"] = nullptr;
  EXPECT_FALSE(parse_benchmark(benchmark.dump(), "mine.json").rules("one", "wmt").test_target.has_value());
  EXPECT_THAT(error_with("/hardware_classes/one/wmt/validation_target", nullptr),
              HasSubstr("must be a number"));
}

TEST(Benchmark, AVariantTakesWhatItDoesNotGiveFromItsBase) {
  const Benchmark benchmark = parse_benchmark(a_benchmark().dump(), "mine.json");
  const WorkloadRules& rules = benchmark.rules("one", "wmt_post_ln");
  EXPECT_EQ(rules.workload, "wmt");
  EXPECT_EQ(rules.variant, "post_ln");
  EXPECT_EQ(rules.full_name(), "wmt_post_ln");
  EXPECT_EQ(rules.validation_target, 29.5);
  EXPECT_EQ(rules.budget_seconds, 100);
  EXPECT_EQ(rules.metric, "bleu");
}

TEST(Benchmark, ABaseWorkloadMustGiveEveryField) {
  const ordered_json whole = a_benchmark();
  const ordered_json workload = a_workload();
  for (const auto& [key, value] : workload.items()) {
    ordered_json benchmark = whole;
    benchmark["hardware_classes"]["one"]["wmt"].erase(key);
    EXPECT_THAT(error_of(benchmark),
                AllOf(HasSubstr("mine.json"), HasSubstr("\"" + key + "\" is missing from workload \"wmt\"")));
  }
}

TEST(Benchmark, MistakesNameTheWorkloadAndTheKey) {
  const std::string wmt = "/hardware_classes/one/wmt";
  EXPECT_THAT(error_with(wmt + "/budget_seconds", -1),
              HasSubstr("\"budget_seconds\" of workload \"wmt\" must be above 0"));
  EXPECT_THAT(error_with(wmt + "/budget", 1), HasSubstr("\"budget\" is not a key of workload \"wmt\""));
  EXPECT_THAT(error_with(wmt + "/direction", "up"), HasSubstr("minimize, maximize"));
  EXPECT_THAT(error_with(wmt + "/checkpoint_period_seconds", -1), HasSubstr("must not be negative"));
  EXPECT_THAT(error_with(wmt + "_post_ln/variant_of", "ogbg"),
              HasSubstr("no base workload that stands before it"));
  EXPECT_THAT(error_with("/hardware_classes/one/deep", {{"variant_of", "wmt"}}),
              HasSubstr("does not fit the name"));
  EXPECT_THAT(error_with("/default_hardware_class", "two"), HasSubstr("use one of: one"));
  EXPECT_THAT(error_with("/hardware_classes/two", ordered_json::object()), HasSubstr("has no workloads"));
  EXPECT_THAT(error_with("/tier", "half"), HasSubstr("full, mini"));
}

TEST(Benchmark, AnUnknownWorkloadOrClassIsAnErrorThatListsWhatThereIs) {
  const Benchmark benchmark = load_benchmark("algoperf-v0.6");
  try {
    benchmark.rules("8xV100-16GB", "fastmrii");
    FAIL() << "accepted";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("did you mean \"fastmri\"?"), HasSubstr("ogbg_silu")));
  }
  EXPECT_THROW(benchmark.rules("8xV100", "fastmri"), UserError);
}

TEST(Benchmark, BuiltInOnesLoadUnderTheirOwnNames) {
  ASSERT_GE(builtin_benchmarks().size(), 3U);
  for (const std::string& name : builtin_benchmarks()) EXPECT_EQ(load_benchmark(name).name, name);
}

}  // namespace
}  // namespace timetrial
