#include "results/tables/sweep_progress.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/journal/record.h"
#include "results/tables/text_table.h"

namespace timetrial {

namespace {

bool is_better(const TrialProgress& trial, const WorkloadProgress& best) {
  if (trial.seconds_to_target) return !best.best_seconds || *trial.seconds_to_target < *best.best_seconds;
  if (best.best_seconds || !trial.best) return false;
  if (!best.best_value) return true;
  return trial.target.goal == MetricGoal::minimize ? *trial.best < *best.best_value
                                                   : *trial.best > *best.best_value;
}

void count(const TrialProgress& trial, bool running, WorkloadProgress& progress) {
  ++progress.trials;
  if (trial.outcome) ++progress.done;
  if (trial.outcome && is_trouble(outcome_from_string(*trial.outcome))) ++progress.trouble;
  if (running) ++progress.running;
  progress.interruptions += trial.interruptions;
  if (trial.seconds_to_target) ++progress.reached;
}

// Trials that wait take what those that ended took of their budgets; until one has ended, all of it.
class RemainingTime {
 public:
  void add(const TrialProgress& trial, bool running) {
    jobs_ = std::max(jobs_, trial.plan.jobs);
    if (trial.outcome) {
      budget_of_ended_ += trial.plan.budget_seconds;
      wall_of_ended_ += trial.wall_seconds;
    } else {
      budget_left_ += std::max(0.0, trial.plan.budget_seconds - (running ? trial.last_seconds : 0));
    }
  }

  std::optional<double> seconds() const {
    const double share = budget_of_ended_ > 0 ? wall_of_ended_ / budget_of_ended_ : 1.0;
    const double seconds = budget_left_ * share / static_cast<double>(jobs_);
    return std::isfinite(seconds) ? std::optional<double>(seconds) : std::nullopt;
  }

 private:
  int64_t jobs_ = 1;
  double budget_of_ended_ = 0;
  double wall_of_ended_ = 0;
  double budget_left_ = 0;
};

std::string best_text(const WorkloadProgress& progress) {
  if (progress.best_seconds) {
    return fmt::format("target after {:.2f} s ({})", *progress.best_seconds, progress.best_submission);
  }
  if (progress.best_value) {
    return fmt::format("{} {:.5g}, target {:.5g} ({})", progress.target.metric, *progress.best_value,
                       progress.target.validation, progress.best_submission);
  }
  return "–";
}

std::vector<std::string> counts_of(const std::string& name, const WorkloadProgress& progress) {
  return {name,
          std::to_string(progress.trials),
          std::to_string(progress.done),
          std::to_string(progress.running),
          std::to_string(progress.trials - progress.done - progress.running),
          std::to_string(progress.trouble),
          std::to_string(progress.interruptions),
          std::to_string(progress.reached)};
}

}  // namespace

SweepProgress sweep_progress(const std::vector<TrialProgress>& trials, const std::string& ruleset,
                             const std::function<bool(const std::string&)>& is_running) {
  SweepProgress progress;
  RemainingTime remaining;
  for (const TrialProgress& trial : trials) {
    if (!ruleset.empty() && trial.plan.ruleset != ruleset) continue;
    const bool running = !trial.outcome && is_running(trial.plan.directory);
    WorkloadProgress& workload = progress.workloads[trial.plan.workload];
    count(trial, running, workload);
    count(trial, running, progress.total);
    remaining.add(trial, running);
    if (running) progress.running.push_back(trial);
    if (!is_better(trial, workload)) continue;
    workload.best_submission = trial.plan.submission;
    workload.best_seconds = trial.seconds_to_target;
    workload.best_value = trial.best;
    workload.target = trial.target;
  }
  progress.seconds_left = remaining.seconds();
  return progress;
}

std::string sweep_progress_table(const SweepProgress& progress) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, workload] : progress.workloads) {
    rows.push_back(counts_of(name, workload));
    rows.back().push_back(best_text(workload));
  }
  rows.push_back(counts_of("all", progress.total));
  rows.back().push_back("");
  std::string text = render_table({{"workload"},
                                   {"trials", true},
                                   {"done", true},
                                   {"running", true},
                                   {"waiting", true},
                                   {"trouble", true},
                                   {"interruptions", true},
                                   {"reached", true},
                                   {"best so far"}},
                                  rows);
  for (const TrialProgress& trial : progress.running) {
    text += fmt::format("running: {} on {}, {:.1f} of {:.0f} s, step {}\n", trial.plan.submission,
                        trial.plan.workload, trial.last_seconds, trial.plan.budget_seconds, trial.last_step);
  }
  const int64_t left = progress.total.trials - progress.total.done;
  if (left > 0 && progress.seconds_left) {
    text += fmt::format("ETA {} for {} trials, if they take what the ended ones took of their budgets\n",
                        duration_text(*progress.seconds_left), left);
  }
  return text;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace timetrial
