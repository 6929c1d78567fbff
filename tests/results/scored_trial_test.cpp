// The short way to a score (milestones in small rows) and the long one (whole curves) agree.

#include "results/scoring/scored_trial.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "made_up_trials.h"
#include "results/scoring/score.h"
#include "results/store/store.h"
#include "results/tables/score_json.h"

namespace timetrial {
namespace {

class ShortAndLongWay : public testing::Test {
 protected:
  void add(const TrialSpec& spec, std::vector<JournalRecord> records) {
    StartRecord start = made_up_start(static_cast<double>(++added_));
    records.insert(records.begin(), start);
    store_.add(spec, records, "/trials/" + std::to_string(added_));
  }

  void expect_equal(const HitRules& rules) {
    const ScoringInput brief = store_.scored_trials(rules);
    const ScoringInput whole = scoring_input(store_.trials(), rules);
    ASSERT_EQ(brief.trials.size(), whole.trials.size());
    for (std::size_t i = 0; i < brief.trials.size(); ++i) {
      const ScoredTrial& one = brief.trials[i];
      const ScoredTrial& other = whole.trials[i];
      EXPECT_EQ(one.id, other.id);
      EXPECT_EQ(brief.entries[one.entry].submission, whole.entries[other.entry].submission);
      EXPECT_EQ(brief.entries[one.entry].workload, whole.entries[other.entry].workload);
      EXPECT_EQ(one.evaluated, other.evaluated);
      EXPECT_EQ(one.ended, other.ended);
      ASSERT_EQ(one.hit.has_value(), other.hit.has_value()) << i;
      if (!one.hit) continue;
      EXPECT_EQ(one.hit->evaluation, other.hit->evaluation);
      EXPECT_EQ(one.hit->time, other.hit->time);
    }
  }

  ScratchDirectory folder_;
  Store store_{folder_ / "results.sqlite"};
  int added_ = 0;
};

TEST_F(ShortAndLongWay, KnowThatAKilledTrialSaysNothingAboutItsSubmission) {
  const std::map<Outcome, bool> ends = {
      {Outcome::killed, false}, {Outcome::harness_error, false}, {Outcome::crashed, true}};
  for (const auto& [outcome, ended] : ends)
    add(made_up_spec({"a", "mnist", 0, static_cast<int64_t>(outcome)}), {made_up_outcome(outcome, 0, 0)});
  expect_equal({});
  const ScoringInput input = store_.scored_trials({});
  ASSERT_EQ(input.trials.size(), ends.size());
  for (const ScoredTrial& trial : input.trials)
    EXPECT_EQ(trial.ended, ends.at(static_cast<Outcome>(trial.trial))) << trial.trial;
}

TEST_F(ShortAndLongWay, AgreeOnRandomTrials) {
  std::mt19937 random(11);
  const auto uniform = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  for (int i = 0; i < 60; ++i) {
    TrialSpec spec = made_up_spec({i % 2 == 0 ? "a" : "b", i % 3 == 0 ? "mnist" : "ogbg", i % 4, i / 8});
    if (i % 5 == 0) spec.variant = "tanh";
    if (i % 7 == 0) spec.ruleset = "other";
    std::vector<JournalRecord> records;
    for (int step = 1; step < 20 * uniform(); ++step) {
      const double value = uniform() < 0.1 ? std::numeric_limits<double>::quiet_NaN() : uniform();
      records.push_back(made_up_evaluation(step, step + uniform(), value));
    }
    if (i % 6 == 0 && !records.empty()) {  // a resume that runs the last stretch again
      StartRecord resumed = made_up_start(5000);
      resumed.attempt = 2;
      resumed.resumed_from_step = std::ssize(records) / 2;
      records.push_back(resumed);
      records.push_back(made_up_evaluation(30, 30, uniform()));
    }
    if (i % 4 != 0) records.push_back(made_up_outcome(Outcome::budget_exhausted, 50, 50));
    add(spec, records);
  }
  expect_equal({});
  HitRules rules;
  rules.ruleset = "other";
  expect_equal(rules);
  rules = {};
  rules.axis = TimeAxis::steps;
  rules.validation_targets = {{"mnist", 0.5}, {"ogbg", 0.99}};
  expect_equal(rules);
  rules = {};
  rules.budgets = {{"mnist", 4}, {"ogbg_tanh", 2.5}};
  expect_equal(rules);
}

TEST_F(ShortAndLongWay, EndInTheSameScore) {
  for (const char* submission : {"a", "b"}) {
    for (int study = 0; study < 3; ++study) {
      const double seconds = (submission[0] == 'a' ? 2 : 3) + 0.25 * study;
      add(made_up_spec({submission, "mnist", study, 0}),
          {made_up_evaluation(10, 1, 0.5), made_up_evaluation(20, seconds, 0.95),
           made_up_outcome(Outcome::target_reached, 20, seconds)});
    }
  }
  const Score brief = compute_score(store_.scored_trials({}), {});
  EXPECT_EQ(score_json(brief, {}), score_json(compute_score(store_.trials(), {}), {}));
  EXPECT_EQ(brief.time_to_target.at("b").at("mnist"), 3.25);
  EXPECT_EQ(brief.trial_times.at("a").at("mnist").at(2), std::vector<double>{2.5});
}

}  // namespace
}  // namespace timetrial
