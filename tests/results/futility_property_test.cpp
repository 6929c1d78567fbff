// The futility stop changes no score: leaderboards whose sweeps run with it and without are scored alike, by
// every choice of trial, way to break ties, rule for missing studies and axis.

#include <algorithm>
#include <cmath>
#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "made_up_trials.h"
#include "results/scoring/futility_bound.h"
#include "results/scoring/score.h"
#include "results/scoring/special_values.h"
#include "synthetic_leaderboard.h"

namespace timetrial {
namespace {

constexpr double kTarget = 0.9;  // of made-up trials

// A trial as it would run to its own end.
class MadeUpSweep {
 public:
  MadeUpSweep(const SyntheticLeaderboard& board, uint64_t seed, bool stops_at_target)
      : random_(seed), stops_at_target_(stops_at_target) {
    for (const auto& [submission, workloads] : board.trials) {
      for (const auto& [workload, studies] : workloads) {
        for (std::size_t study = 0; study < studies.size(); ++study) {
          for (std::size_t trial = 0; trial < studies[study].size(); ++trial) {
            add({submission, workload, static_cast<int64_t>(study), static_cast<int64_t>(trial)},
                studies[study][trial]);
          }
        }
      }
    }
    std::shuffle(trials_.begin(), trials_.end(), random_);
  }

  const std::vector<TrialResult>& trials() const { return trials_; }

 private:
  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  // Reaches the target at its first evaluation from `time` on. Its steps and evaluations come at a pace of
  // its own, so that least time, fewest steps and smallest evaluation number are different trials'.
  void add(const MadeUpPlace& place, double time) {
    const double budget = std::isfinite(time) ? time * uniform(1, 3) : std::exp(uniform(6, 9));
    const double period = budget / uniform(5, 25);
    const double pace = uniform(5, 20);
    TrialResult trial = made_up_trial(place, {});
    double seconds = 0.01 * period;
    while (seconds < budget) {
      const bool is_hit = seconds >= time;
      const int64_t step = std::max<int64_t>(1, std::llround(seconds * pace)) +
                           (trial.evaluations.empty() ? 0 : trial.evaluations.back().step);
      trial.evaluations.push_back(made_up_evaluation(step, seconds, is_hit ? kTarget : uniform(0, 0.89)));
      if (is_hit && stops_at_target_) break;
      seconds += period * uniform(1, 1.5);
    }
    trial.id = std::ssize(trials_) + 1;
    trials_.push_back(std::move(trial));
  }

  std::mt19937_64 random_;
  bool stops_at_target_;
  std::vector<TrialResult> trials_;
};

struct Stopped {
  std::vector<TrialResult> trials;
  int64_t futile = 0;
};

// Runs the sweep with `jobs` trials at a time as controller and worker do: a trial that ends leaves a bound
// for its study, and every evaluation asks for it.
class SweepWithFutilityStop {
 public:
  explicit SweepWithFutilityStop(const std::vector<TrialResult>& whole)
      : waiting_(whole.begin(), whole.end()) {}

  Stopped run(std::size_t jobs) {
    while (!waiting_.empty() || !running_.empty()) {
      while (!waiting_.empty() && running_.size() < jobs) {
        running_.push_back({waiting_.front(), 0, now_});
        waiting_.pop_front();
      }
      const auto next = std::min_element(
          running_.begin(), running_.end(),
          [](const Running& left, const Running& right) { return left.next_event() < right.next_event(); });
      now_ = next->next_event();
      if (advance(*next)) running_.erase(next);
    }
    return std::move(stopped_);
  }

 private:
  struct Running {
    TrialResult whole;
    std::size_t evaluations = 0;  // made
    double began = 0;

    double next_event() const {
      return evaluations == whole.evaluations.size()
                 ? began
                 : began + whole.evaluations[evaluations].submission_seconds;
    }
  };
  using Study = std::tuple<std::string, std::string, int64_t>;

  // One evaluation of it; whether it has ended.
  bool advance(Running& running) {
    TrialResult so_far = running.whole;
    if (running.evaluations < running.whole.evaluations.size()) ++running.evaluations;
    so_far.evaluations.resize(running.evaluations);
    const Study study{so_far.spec.submission, so_far.spec.workload, so_far.spec.study};
    const auto bound = bounds_.find(study);
    const bool is_over = running.evaluations == running.whole.evaluations.size();
    if (!is_over && bound != bounds_.end() && !futility_bound_of(so_far)) {
      const EvaluationRecord& last = so_far.evaluations.back();
      if (is_futile(bound->second, std::ssize(so_far.evaluations), last.submission_seconds, last.step)) {
        so_far.outcome = {made_up_outcome(Outcome::futile, last.step, last.submission_seconds)};
        ++stopped_.futile;
        stopped_.trials.push_back(std::move(so_far));
        return true;
      }
    }
    if (!is_over) return false;
    if (const auto own = futility_bound_of(so_far)) {
      const auto [place, is_first] = bounds_.emplace(study, *own);
      if (!is_first) place->second = lower_of(place->second, *own);
    }
    stopped_.trials.push_back(std::move(so_far));
    return true;
  }

  std::deque<TrialResult> waiting_;
  std::vector<Running> running_;
  std::map<Study, FutilityBound> bounds_;
  double now_ = 0;
  Stopped stopped_;
};

std::vector<ScoreOptions> all_options() {
  std::vector<ScoreOptions> all;
  for (const TrialChoice choice : {TrialChoice::evaluation_index, TrialChoice::time}) {
    for (const TieBreak ties : {TieBreak::first, TieBreak::last}) {
      for (const MissingStudy missing : {MissingStudy::skip, MissingStudy::infinite}) {
        for (const TimeAxis axis : {TimeAxis::submission_seconds, TimeAxis::steps}) {
          ScoreOptions options;
          options.hits.axis = axis;
          options.time_to_target = {choice, ties, missing, {}};
          all.push_back(options);
        }
      }
    }
  }
  return all;
}

void expect_same_score(const std::vector<TrialResult>& whole, const std::vector<TrialResult>& stopped) {
  for (const ScoreOptions& options : all_options()) {
    const Score left = compute_score(whole, options);
    const Score right = compute_score(stopped, options);
    EXPECT_EQ(left.time_to_target, right.time_to_target);
    EXPECT_EQ(left.profile.scores, right.profile.scores);
    EXPECT_EQ(left.profile.rho, right.profile.rho);
    for (const auto& [submission, workloads] : left.studies) {
      for (const auto& [workload, studies] : workloads) {
        const std::vector<StudyTime>& others = right.studies.at(submission).at(workload);
        ASSERT_EQ(studies.size(), others.size());
        for (std::size_t i = 0; i < studies.size(); ++i) {
          EXPECT_EQ(studies[i].trial, others[i].trial);
          EXPECT_EQ(studies[i].evaluation, others[i].evaluation);
        }
      }
    }
  }
}

class FutilityStop : public testing::TestWithParam<uint64_t> {};

TEST_P(FutilityStop, ChangesNoScore) {
  Scenario scenario;
  scenario.submissions = 4;
  scenario.workloads = 3;
  scenario.studies = 3;
  scenario.trials = 5;
  scenario.spread = 0.4;
  scenario.misses = Misses::random;
  const SyntheticLeaderboard board = synthetic_leaderboard(scenario, GetParam());
  for (const bool stops_at_target : {true, false}) {
    const MadeUpSweep sweep(board, GetParam(), stops_at_target);
    for (const std::size_t jobs : {1U, 3U, 8U}) {
      SCOPED_TRACE(std::to_string(jobs) + " at a time");
      const Stopped stopped = SweepWithFutilityStop(sweep.trials()).run(jobs);
      ASSERT_EQ(stopped.trials.size(), sweep.trials().size());
      EXPECT_GT(stopped.futile, 0);  // else nothing was shown
      expect_same_score(sweep.trials(), stopped.trials);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FutilityStop, testing::Range(uint64_t{1}, uint64_t{21}));

}  // namespace
}  // namespace timetrial
