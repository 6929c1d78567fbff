#include "harness/controller/trial_specs.h"

#include <set>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

class TrialSpecs : public FolderTest {
 protected:
  void SetUp() override {
    FolderTest::SetUp();
    submission_ = {"mine", "/somewhere/mine.so", "digest",
                   write(folder_ / "space.json", R"([{"rate": 1}, {"rate": 2}, {"rate": 3}, {"rate": 4}])")};
    options_.data_directory = "/data";
  }

  std::vector<TrialSpec> specs() const { return make_trial_specs(rules_, submission_, workloads_, options_); }

  Ruleset rules_ = load_ruleset("demo");
  SubmissionReference submission_;
  std::vector<std::string> workloads_;
  RunOptions options_;
};

TEST_F(TrialSpecs, CoverWorkloadsStudiesAndTrialsInOrder) {
  std::vector<std::string> places;
  for (const TrialSpec& spec : specs())
    places.push_back(full_workload_name(spec) + " " + std::to_string(spec.study) + " " +
                     std::to_string(spec.trial));
  EXPECT_THAT(places,
              ::testing::ElementsAre("criteo1tb 0 0", "criteo1tb 0 1", "criteo1tb 1 0", "criteo1tb 1 1",
                                     "mnist 0 0", "mnist 0 1", "mnist 1 0", "mnist 1 1"));
}

TEST_F(TrialSpecs, CarryTheRulesOfTheirWorkload) {
  const Benchmark benchmark = load_benchmark(rules_.benchmark);
  workloads_ = {"mnist"};
  const WorkloadRules& rules = benchmark.rules(benchmark.default_hardware_class, "mnist");
  const TrialSpec spec = specs().front();
  EXPECT_EQ(spec.submission, "mine");
  EXPECT_EQ(spec.submission_library, "/somewhere/mine.so");
  EXPECT_EQ(spec.submission_sha256, "digest");
  EXPECT_EQ(spec.tier, "mini");
  EXPECT_EQ(spec.ruleset, "demo");
  EXPECT_EQ(spec.ruleset_version, rules_.version);
  EXPECT_EQ(spec.benchmark, benchmark.name);
  EXPECT_EQ(spec.hardware_class, benchmark.default_hardware_class);
  EXPECT_EQ(spec.target.metric, rules.metric);
  EXPECT_EQ(spec.target.goal, MetricGoal::maximize);
  EXPECT_EQ(spec.target.validation, rules.validation_target);
  EXPECT_EQ(spec.target.test, rules.test_target);
  EXPECT_EQ(spec.stop_rule, stop_rule_from_string(rules_.stop_rule));
  EXPECT_EQ(spec.budget_seconds, rules.budget_seconds * rules_.budget_factor);
  EXPECT_EQ(spec.evaluation_period_seconds, rules.evaluation_period_seconds);
  EXPECT_EQ(spec.step_hint, rules.step_hint);
  EXPECT_EQ(spec.max_steps, 0);
  EXPECT_EQ(spec.default_batch_size, rules.default_batch_size);
  EXPECT_EQ(spec.evaluation_batch_size, rules.evaluation_batch_size);
  EXPECT_EQ(spec.checkpoint_period_seconds, rules.checkpoint_period_seconds);
  EXPECT_EQ(spec.stall_limit_seconds, rules.stall_limit_seconds);
  EXPECT_EQ(spec.data_directory, "/data");
  EXPECT_EQ(spec.clock, ClockMode::sync_free);
}

TEST_F(TrialSpecs, ShareCompiledKernelsOnlyWhereTheRulesAllowIt) {
  options_.kernel_cache = "/results/kernel_cache";
  EXPECT_EQ(specs().front().kernel_cache, "");
  rules_.kernel_cache = "warm";
  EXPECT_EQ(specs().front().kernel_cache, "/results/kernel_cache");
}

TEST_F(TrialSpecs, HaveSeedsOfTheirOwnThatNoSubmissionChanges) {
  std::set<uint64_t> seeds;
  for (const TrialSpec& spec : specs()) seeds.insert(spec.seed);
  EXPECT_EQ(seeds.size(), 8U);
  submission_.name = "other";
  for (const TrialSpec& spec : specs()) EXPECT_EQ(seeds.count(spec.seed), 1U);
  options_.seed = 1;
  for (const TrialSpec& spec : specs()) EXPECT_EQ(seeds.count(spec.seed), 0U);
}

TEST_F(TrialSpecs, AreLabelledWithEveryRuleThatIsOverridden) {
  const auto label = [&] { return specs().front().ruleset; };
  options_.seed = 7;
  options_.threads = 2;
  options_.host_cache_gib = 1;
  EXPECT_EQ(label(), "demo");  // these change no rule
  options_.max_steps = 500;
  EXPECT_EQ(label(), "demo+max-steps=500");
  options_.budget_seconds = 2.5;
  EXPECT_EQ(label(), "demo+max-steps=500+budget=2.5");
  options_.ignore_targets = true;
  EXPECT_EQ(label(), "demo+max-steps=500+budget=2.5+ignore-targets");
  options_.clock = ClockMode::per_step;
  EXPECT_EQ(label(), "demo+max-steps=500+budget=2.5+ignore-targets+clock=per-step");
  options_.step_graph = false;
  EXPECT_EQ(label(), "demo+max-steps=500+budget=2.5+ignore-targets+clock=per-step+no-step-graph");
  options_.host_allocator = HostAllocator::system;
  options_.host_cache_gib = 2;
  EXPECT_EQ(
      label(),
      "demo+max-steps=500+budget=2.5+ignore-targets+clock=per-step+no-step-graph+host-allocator=system");
  const TrialSpec spec = specs().front();
  EXPECT_FALSE(spec.step_graph);
  EXPECT_EQ(spec.max_steps, 500);
  EXPECT_EQ(spec.budget_seconds, 2.5);
  EXPECT_EQ(spec.stop_rule, StopRule::never);
  EXPECT_EQ(spec.clock, ClockMode::per_step);
  EXPECT_EQ(spec.host_allocator, HostAllocator::system);
  EXPECT_EQ(spec.host_cache_gib, 2);
}

TEST_F(TrialSpecs, NeedASearchSpaceUnderExternalTuningAndOnlyThere) {
  submission_.search_space.clear();
  EXPECT_THROW(specs(), UserError);
  rules_.tuning = TuningMode::self_tuning;
  EXPECT_TRUE(specs().front().hyperparameters.empty());
  submission_.search_space = "/absent/but/not/read.json";
  EXPECT_TRUE(specs().front().hyperparameters.empty());
}

TEST_F(TrialSpecs, TakeThePointsOfAListInOrderInEveryStudy) {
  workloads_ = {"mnist"};
  std::vector<double> rates;
  for (const TrialSpec& spec : specs()) rates.push_back(std::get<double>(spec.hyperparameters.at("rate")));
  EXPECT_THAT(rates, ::testing::ElementsAre(1, 2, 1, 2));
}

TEST_F(TrialSpecs, RefuseAWorkloadOrHardwareClassThatIsNotThere) {
  workloads_ = {"mnits"};
  EXPECT_THROW(specs(), UserError);
  workloads_ = {"mnist"};
  options_.hardware_class = "abacus";
  EXPECT_THROW(specs(), UserError);
}

TEST_F(TrialSpecs, AreKeptApartAsTheRulesAskUnlessToldOtherwise) {
  EXPECT_EQ(specs().front().isolation, IsolationLevel::sandbox);
  EXPECT_EQ(specs().front().limits, TrialLimits{});
  options_.isolation = IsolationLevel::sandbox;
  options_.limits.memory_gib = 2;
  EXPECT_EQ(specs().front().ruleset, "demo");
  EXPECT_EQ(specs().front().limits.memory_gib, 2);
  options_.isolation = IsolationLevel::process;
  EXPECT_EQ(specs().front().isolation, IsolationLevel::process);
  EXPECT_EQ(specs().front().ruleset, "demo+isolation=process") << "less than the rules ask is scored apart";
  rules_.isolation = "none";
  EXPECT_EQ(specs().front().ruleset, "demo") << "more is not";
}

TEST_F(TrialSpecs, AnAuditIsScoredApart) {
  EXPECT_FALSE(specs().front().audit_sync);
  options_.audit_sync = true;
  options_.max_steps = 40;
  EXPECT_TRUE(specs().front().audit_sync);
  EXPECT_EQ(specs().front().ruleset, "demo+max-steps=40+audit-sync");
}

}  // namespace
}  // namespace timetrial
