#include "tuning/ruleset.h"

#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsSupersetOf;

json a_ruleset() {
  return {{"name", "mine"},
          {"version", 2},
          {"description", "a test"},
          {"tuning", "external"},
          {"benchmark", "mini"},
          {"studies", 2},
          {"trials_per_study", 3},
          {"budget_factor", 1.5},
          {"stop_rule", "never"},
          {"workloads", {"mnist", "ogbg"}},
          {"held_out", {"ogbg_gelu"}},
          {"scoring",
           {{"tau_max", 3.0},
            {"tau_points", 50},
            {"trial_choice", "time"},
            {"missing_study", "inf"},
            {"ties", "last"}}}};
}

std::string error_of(const json& ruleset) {
  try {
    parse_ruleset(ruleset.dump(), "mine.json");
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

std::string ruleset_error_with(const std::string& pointer, const json& value) {
  json ruleset = a_ruleset();
  ruleset[json::json_pointer(pointer)] = value;
  return error_of(ruleset);
}

TEST(Ruleset, ReadsEveryField) {
  const Ruleset ruleset = parse_ruleset(a_ruleset().dump(), "mine.json");
  EXPECT_EQ(ruleset.name, "mine");
  EXPECT_EQ(ruleset.version, 2);
  EXPECT_EQ(ruleset.tuning, TuningMode::external);
  EXPECT_EQ(ruleset.benchmark, "mini");
  EXPECT_EQ(ruleset.studies, 2);
  EXPECT_EQ(ruleset.trials_per_study, 3);
  EXPECT_EQ(ruleset.budget_factor, 1.5);
  EXPECT_EQ(ruleset.stop_rule, "never");
  EXPECT_EQ(ruleset.workloads, (std::vector<std::string>{"mnist", "ogbg"}));
  EXPECT_EQ(ruleset.held_out, (std::vector<std::string>{"ogbg_gelu"}));
  EXPECT_EQ(ruleset.scoring.tau_max, 3.0);
  EXPECT_EQ(ruleset.scoring.tau_points, 50);
  EXPECT_EQ(ruleset.scoring.trial_choice, "time");
  EXPECT_EQ(ruleset.scoring.missing_study, "inf");
  EXPECT_EQ(ruleset.scoring.ties, "last");
}

TEST(Ruleset, EveryFieldIsNeeded) {
  const json whole = a_ruleset();
  for (const auto& [key, value] : whole.items()) {
    json ruleset = whole;
    ruleset.erase(key);
    EXPECT_THAT(error_of(ruleset), AllOf(HasSubstr("mine.json"), HasSubstr("\"" + key + "\" is missing")));
  }
}

TEST(Ruleset, MayAllowAWarmKernelCache) {
  EXPECT_EQ(parse_ruleset(a_ruleset().dump(), "mine.json").kernel_cache, "cold");
  json warm = a_ruleset();
  warm["kernel_cache"] = "warm";
  EXPECT_EQ(parse_ruleset(warm.dump(), "mine.json").kernel_cache, "warm");
  EXPECT_THAT(ruleset_error_with("/kernel_cache", "tepid"),
              AllOf(HasSubstr("kernel_cache"), HasSubstr("tepid")));
}

TEST(Ruleset, MayAskForTheNoiseGateAndTheFutilityStop) {
  const Ruleset plain = parse_ruleset(a_ruleset().dump(), "mine.json");
  EXPECT_EQ(plain.reference_drift, 0);
  EXPECT_FALSE(plain.futility_stop);
  json both = a_ruleset();
  both["reference_drift"] = 0.1;
  both["futility_stop"] = true;
  EXPECT_EQ(parse_ruleset(both.dump(), "mine.json").reference_drift, 0.1);
  EXPECT_TRUE(parse_ruleset(both.dump(), "mine.json").futility_stop);
  EXPECT_THAT(ruleset_error_with("/reference_drift", 0),
              AllOf(HasSubstr("reference_drift"), HasSubstr("above 0")));
  EXPECT_THAT(ruleset_error_with("/futility_stop", "yes"),
              AllOf(HasSubstr("futility_stop"), HasSubstr("true or false")));
}

TEST(Ruleset, SaysHowSubmissionsAreKeptApart) {
  EXPECT_EQ(parse_ruleset(a_ruleset().dump(), "mine.json").isolation, "process");
  json open = a_ruleset();
  open["isolation"] = "none";
  EXPECT_EQ(parse_ruleset(open.dump(), "mine.json").isolation, "none");
  EXPECT_THAT(ruleset_error_with("/isolation", "jail"), AllOf(HasSubstr("isolation"), HasSubstr("jail")));
}

TEST(Ruleset, MistakesNameTheKeyAndTheFile) {
  const auto names = [](const std::string& part) { return AllOf(HasSubstr("mine.json"), HasSubstr(part)); };
  EXPECT_THAT(ruleset_error_with("/studdies", 3),
              names("\"studdies\" is not a key of the ruleset, did you mean \"studies\"?"));
  EXPECT_THAT(ruleset_error_with("/studies", "3"),
              names("\"studies\" of the ruleset must be a whole number"));
  EXPECT_THAT(ruleset_error_with("/studies", 2.5), names("must be a whole number"));
  EXPECT_THAT(ruleset_error_with("/studies", 0), names("out of range"));
  EXPECT_THAT(ruleset_error_with("/studies", 18446744073709551615ULL), names("out of range"));
  EXPECT_THAT(ruleset_error_with("/budget_factor", 0), names("above 0"));
  EXPECT_THAT(ruleset_error_with("/tuning", "extrenal"), names("did you mean \"external\"?"));
  EXPECT_THAT(ruleset_error_with("/stop_rule", "targets"), names("validation_target, both_targets, never"));
  EXPECT_THAT(ruleset_error_with("/workloads", json::array()), names("\"workloads\""));
  EXPECT_THAT(ruleset_error_with("/workloads", {"ogbg", "ogbg"}), names("twice"));
  EXPECT_THAT(ruleset_error_with("/workloads", {1}), names("only texts"));
  EXPECT_THAT(ruleset_error_with("/held_out", {"wmt_glu_tanh"}), names("a variant of no workload"));
  EXPECT_THAT(ruleset_error_with("/held_out", {"mnist"}), names("also in \"workloads\""));
  EXPECT_THAT(ruleset_error_with("/scoring/tau_max", 1), names("above 1"));
  EXPECT_THAT(ruleset_error_with("/scoring/ties", "none"), names("first, last"));
  EXPECT_THAT(ruleset_error_with("/scoring/tau", 1), names("\"tau\" is not a key of \"scoring\""));
}

TEST(Ruleset, BuiltInOnesLoadUnderTheirOwnNames) {
  const std::vector<std::string> names = builtin_rulesets();
  EXPECT_THAT(names, IsSupersetOf({"algoperf-v0.5-external", "algoperf-v0.5-self", "algoperf-v0.6-external",
                                   "algoperf-v0.6-self", "algoperf-2026-self", "demo", "mini-self"}));
  for (const std::string& name : names) EXPECT_EQ(load_ruleset(name).name, name);
}

TEST(Ruleset, BuiltInOnesNameOnlyWorkloadsOfTheirBenchmark) {
  for (const std::string& name : builtin_rulesets()) {
    const Ruleset ruleset = load_ruleset(name);
    const Benchmark benchmark = load_benchmark(ruleset.benchmark);
    for (const auto& list : {ruleset.workloads, ruleset.held_out}) {
      for (const std::string& workload : list) {
        EXPECT_NO_THROW(benchmark.rules(benchmark.default_hardware_class, workload)) << name;
      }
    }
  }
}

TEST(Ruleset, LoadsAFileByPath) {
  const std::string file = testing::TempDir() + "/mine_" + std::to_string(::getpid()) + ".json";
  std::ofstream(file) << a_ruleset();
  EXPECT_EQ(load_ruleset(file).name, "mine");
  std::remove(file.c_str());
}

TEST(Ruleset, AnUnknownNameListsWhatThereIs) {
  try {
    load_ruleset("algoperf-v0.6-externl");
    FAIL() << "accepted";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("did you mean \"algoperf-v0.6-external\"?"), HasSubstr("demo")));
  }
  EXPECT_THROW(load_ruleset("/nonexistent/rules.json"), UserError);
}

}  // namespace
}  // namespace timetrial
