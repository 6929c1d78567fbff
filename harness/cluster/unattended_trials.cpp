#include "harness/cluster/unattended_trials.h"

#include <chrono>

#include "harness/controller/sweep_plan.h"
#include "harness/errors/user_error.h"
#include "harness/journal/journal.h"

namespace timetrial {

UnattendedTrials::UnattendedTrials(const std::filesystem::path& results,
                                   const std::set<std::string>& finished) {
  std::set<std::filesystem::path> seen;
  for (const SweepPlan& plan : sweep_plans(results)) {
    if (plan.kind != SweepKind::slurm) continue;
    for (const std::filesystem::path& directory : trial_directories_of(results, plan)) {
      const std::filesystem::path absolute = std::filesystem::absolute(directory).lexically_normal();
      if (!finished.contains(absolute.string()) && seen.insert(absolute).second)
        trials_.push_back({absolute});
    }
  }
}

FoldReport UnattendedTrials::fold(Store& store, double most_seconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(most_seconds);
  FoldReport report;
  for (size_t looks = trials_.size(); looks > 0 && !trials_.empty(); --looks) {
    if (next_ >= trials_.size()) next_ = 0;
    Trial& trial = trials_[next_];
    std::error_code absent;
    const std::uintmax_t bytes = std::filesystem::file_size(journal_path(trial.directory), absent);
    bool finished = false;
    if (!absent && bytes != trial.bytes) {
      try {
        const FoldSummary summary = store.fold(trial.directory);
        finished = summary.finished;
        if (summary.changed) ++report.folded;
        report.problems.insert(report.problems.end(), summary.problems.begin(), summary.problems.end());
      } catch (const UserError& error) {
        report.problems.push_back(error.what());
      }
      trial.bytes = bytes;  // one that cannot be folded is tried again when it has grown
    }
    if (finished) {
      trials_.erase(trials_.begin() + static_cast<std::ptrdiff_t>(next_));
    } else {
      ++next_;
    }
    if (looks > 1 && std::chrono::steady_clock::now() > until) {  // at least one, however short the time
      report.all = false;
      break;
    }
  }
  return report;
}

}  // namespace timetrial
