#include "harness/cli/slurm_watch.h"

#include <algorithm>

#include "harness/cluster/sweep_state.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

// The queue is asked for less often than the folder is looked at: SLURM has others to serve.
constexpr auto kQueuePeriod = std::chrono::seconds(10);

std::set<std::string> finished_in(const std::vector<TrialProgress>& progress) {
  std::set<std::string> finished;
  for (const TrialProgress& trial : progress) {
    if (trial.outcome) finished.insert(trial.plan.directory);
  }
  return finished;
}

}  // namespace

SlurmWatch::SlurmWatch(const std::filesystem::path& results, const std::vector<TrialProgress>& progress)
    : trials_(results, finished_in(progress)) {
  for (const SweepPlan& plan : sweep_plans(results)) {
    if (plan.kind != SweepKind::slurm) continue;
    Sweep sweep{plan, {}, {}};
    for (const std::filesystem::path& directory : trial_directories_of(results, plan))
      sweep.directories.push_back(std::filesystem::absolute(directory).lexically_normal().string());
    sweeps_.push_back(std::move(sweep));
    sweeps_.back().submissions = read_submissions(sweep_folder(results, plan.id));
  }
}

std::string SlurmWatch::fold(Store& store, double most_seconds) {
  std::string text;
  for (const std::string& problem : trials_.fold(store, most_seconds).problems) {
    if (told_.insert(problem).second) text += problem + "\n";
  }
  return text;
}

void SlurmWatch::ask_slurm() {
  const auto now = std::chrono::steady_clock::now();
  if (asked_ != std::chrono::steady_clock::time_point() && now - asked_ < kQueuePeriod) return;
  asked_ = now;
  std::vector<std::string> names;
  for (const Sweep& sweep : sweeps_) {
    for (const std::string& name : job_names(sweep.submissions)) names.push_back(name);
  }
  problem_.clear();
  try {
    queue_ = slurm_.queue(names);
  } catch (const UserError& error) {
    problem_ = error.what();
  }
}

std::string SlurmWatch::text(const std::vector<TrialProgress>& progress) {
  const std::set<std::string> finished = finished_in(progress);
  std::string text;
  for (const Sweep& sweep : sweeps_) {
    std::vector<bool> done;
    for (const std::string& directory : sweep.directories) done.push_back(finished.contains(directory));
    if (std::find(done.begin(), done.end(), false) == done.end()) continue;
    ask_slurm();
    if (!problem_.empty()) return text + problem_ + "\n";
    text += sweep_state_text(sweep.plan.id, sweep_state(done, tasks_by_trial(sweep.submissions, queue_)));
  }
  return text;
}

}  // namespace timetrial
