#include "results/scoring/time_to_target.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "made_up_trials.h"
#include "results/scoring/special_values.h"

namespace timetrial {
namespace {

const MetricTarget kTarget = {"accuracy", MetricGoal::maximize, 0.9, 0.89};

using Curve = std::vector<std::pair<double, double>>;

// Hits of trials at the made-up target, as the functions under test take them.
class Scored {
 public:
  explicit Scored(const std::vector<TrialResult>& trials) : input_(scoring_input(trials, {})) {
    for (const ScoredTrial& trial : input_.trials) pointers_.push_back(&trial);
  }
  operator const std::vector<const ScoredTrial*>&() const { return pointers_; }

 private:
  ScoringInput input_;
  std::vector<const ScoredTrial*> pointers_;
};

TrialResult trial_of(int64_t study, int64_t trial, const Curve& curve) {
  return made_up_trial({"adamw", "mnist", study, trial}, curve);
}

TEST(FirstHit, IsTheFirstEvaluationAtOrBeyondTheTarget) {
  const TrialResult trial = trial_of(0, 0, {{1, 0.5}, {2, 0.9}, {3, 0.95}});
  const auto hit = first_hit(trial, kTarget, TimeAxis::submission_seconds);
  ASSERT_TRUE(hit.has_value());
  EXPECT_EQ(hit->evaluation, 1U);
  EXPECT_EQ(hit->time, 2);
  EXPECT_EQ(first_hit(trial, kTarget, TimeAxis::steps)->time, 20);
}

TEST(FirstHit, JustBelowTheTargetIsNoHit) {
  EXPECT_FALSE(
      first_hit(trial_of(0, 0, {{1, std::nextafter(0.9, 0)}}), kTarget, TimeAxis::submission_seconds));
}

TEST(FirstHit, NanNeverReachesATargetOfEitherGoal) {
  const TrialResult trial = trial_of(0, 0, {{1, kNan}, {2, kNan}});
  MetricTarget minimized = kTarget;
  minimized.goal = MetricGoal::minimize;
  EXPECT_FALSE(first_hit(trial, kTarget, TimeAxis::submission_seconds));
  EXPECT_FALSE(first_hit(trial, minimized, TimeAxis::submission_seconds));
}

TEST(FirstHit, MinimizedMetricsReachFromAbove) {
  const TrialResult trial = trial_of(0, 0, {{1, 0.5}, {2, 0.25}});  // loss 0.5, 0.75
  const MetricTarget loss = {"loss", MetricGoal::minimize, 0.5, 0.5};
  EXPECT_EQ(first_hit(trial, loss, TimeAxis::submission_seconds)->evaluation, 0U);
}

TEST(FirstHit, AMetricThatWasNotMeasuredIsNoHit) {
  const MetricTarget other = {"bleu", MetricGoal::maximize, 0, 0};
  EXPECT_FALSE(first_hit(trial_of(0, 0, {{1, 0.95}}), other, TimeAxis::submission_seconds));
}

// Trial 0 hits at evaluation 2 after 9 s, trial 1 at evaluation 3 after 6 s.
TEST(StudyTime, EvaluationIndexAndTimeChooseDifferentTrials) {
  const std::vector<TrialResult> trials = {trial_of(0, 0, {{4, 0.1}, {9, 0.9}}),
                                           trial_of(0, 1, {{2, 0.1}, {4, 0.2}, {6, 0.9}})};
  TimeToTargetOptions options;
  EXPECT_EQ(time_of_study(0, Scored(trials), options)->time, 9);
  EXPECT_EQ(time_of_study(0, Scored(trials), options)->trial, 0);
  options.trial_choice = TrialChoice::time;
  EXPECT_EQ(time_of_study(0, Scored(trials), options)->time, 6);
  EXPECT_EQ(time_of_study(0, Scored(trials), options)->evaluation, 2U);
}

TEST(StudyTime, TiesGoToTheFirstOrTheLastTrial) {
  const std::vector<TrialResult> trials = {trial_of(0, 0, {{4, 0.9}}), trial_of(0, 1, {{3, 0.9}}),
                                           trial_of(0, 2, {{5, 0.9}})};
  TimeToTargetOptions options;
  EXPECT_EQ(time_of_study(0, Scored(trials), options)->time, 4);
  options.ties = TieBreak::last;
  EXPECT_EQ(time_of_study(0, Scored(trials), options)->time, 5);
}

TEST(StudyTime, IsInfiniteWhenNoTrialReaches) {
  const std::vector<TrialResult> trials = {trial_of(0, 0, {{4, 0.1}})};
  const auto time = time_of_study(0, Scored(trials), {});
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->time, kInfinity);
  EXPECT_FALSE(time->trial.has_value());
}

TEST(StudyTime, IsMissingWithoutEvaluationAndOutcome) {
  TrialResult begun = trial_of(0, 0, {});
  begun.outcome.clear();
  EXPECT_FALSE(time_of_study(0, Scored({begun}), {}));
}

TEST(StudyTime, ATrialThatEndedWithoutEvaluationIsAMiss) {
  const TrialResult crashed = trial_of(0, 0, {});
  EXPECT_EQ(time_of_study(0, Scored({crashed}), {})->time, kInfinity);
}

TEST(WorkloadTime, IsTheMedianOverStudies) {
  const std::vector<TrialResult> trials = {trial_of(0, 0, {{4, 0.9}}), trial_of(1, 0, {{9, 0.9}}),
                                           trial_of(2, 0, {{5, 0.9}})};
  EXPECT_EQ(time_of_workload(Scored(trials), {}).time, 5);
}

TEST(WorkloadTime, TwoMissesOfThreeAreAMiss) {
  const std::vector<TrialResult> trials = {trial_of(0, 0, {{4, 0.9}}), trial_of(1, 0, {{9, 0.1}}),
                                           trial_of(2, 0, {{5, 0.1}})};
  EXPECT_EQ(time_of_workload(Scored(trials), {}).time, kInfinity);
}

TEST(WorkloadTime, MissingStudiesAreSkippedOrInfinite) {
  const std::vector<TrialResult> trials = {trial_of(0, 0, {{4, 0.9}}), trial_of(2, 0, {{8, 0.9}})};
  TimeToTargetOptions options;
  options.expected_studies = {0, 1, 2};
  EXPECT_EQ(time_of_workload(Scored(trials), options).time, 6);
  options.missing_study = MissingStudy::infinite;
  EXPECT_EQ(time_of_workload(Scored(trials), options).time, 8);
  EXPECT_EQ(time_of_workload(Scored(trials), options).studies.size(), 3U);
  options.expected_studies = {0, 1, 2, 3, 4};
  EXPECT_EQ(time_of_workload(Scored(trials), options).time, kInfinity);
}

TEST(WorkloadTime, WithoutTrialsThereIsNoData) {
  EXPECT_FALSE(time_of_workload({}, {}).time.has_value());
}

TEST(Median, OfAnEvenNumberIsTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(median_of({3, 1}), 2);
  EXPECT_EQ(median_of({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median_of({7}), 7);
  EXPECT_EQ(median_of({1, kInfinity}), kInfinity);
  EXPECT_EQ(median_of({kInfinity, 1, 2}), 2);
}

TEST(ScoringOptions, NamesAreThoseOfRulesets) {
  EXPECT_EQ(trial_choice_from_string("time"), TrialChoice::time);
  EXPECT_EQ(tie_break_from_string("last"), TieBreak::last);
  EXPECT_EQ(missing_study_from_string("inf"), MissingStudy::infinite);
  EXPECT_THROW(trial_choice_from_string("best"), UserError);
}

}  // namespace
}  // namespace timetrial
