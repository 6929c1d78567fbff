#include "results/score.h"

#include <algorithm>
#include <set>

#include "results/trial_selection.h"

namespace timetrial {

namespace {

std::vector<std::string> base_workloads_of(const TrialSelection& selection, const ScoreOptions& options) {
  std::set<std::string> names(options.profile.base_workloads.begin(), options.profile.base_workloads.end());
  if (names.empty()) {
    for (const auto& [submission, workloads] : selection.trials) {
      for (const auto& [workload, trials] : workloads) {
        if (trials.front()->spec.variant.empty()) names.insert(workload);
      }
    }
  }
  return {names.begin(), names.end()};
}

std::string plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// Says where a cell rests on less than the ruleset asks for.
void note_gaps(const std::string& place, const std::vector<const TrialResult*>& trials,
               const ScoreOptions& options, std::vector<std::string>& notes) {
  const auto unfinished = static_cast<std::size_t>(std::count_if(
      trials.begin(), trials.end(), [](const TrialResult* trial) { return trial->outcome.empty(); }));
  std::set<int64_t> studies;
  for (const TrialResult* trial : trials) studies.insert(trial->spec.study);
  const int64_t expected = options.time_to_target.expected_studies;
  const std::size_t asked = static_cast<std::size_t>(expected * options.trials_per_study);
  if (asked > 0 && trials.size() < asked) {
    notes.push_back(place + ": " + plural(trials.size(), "trial") + " of " + std::to_string(asked));
  } else if (expected > 0 && std::ssize(studies) < expected) {
    notes.push_back(place + ": " + std::to_string(studies.size()) + " of " + std::to_string(expected) +
                    " studies");
  }
  if (unfinished > 0 && unfinished < trials.size()) {
    notes.push_back(place + ": " + plural(unfinished, "trial") + " still running or interrupted");
  }
}

}  // namespace

Score compute_score(const std::vector<TrialResult>& trials, const ScoreOptions& options) {
  TrialSelection selection = select_trials(trials, options);
  Score score;
  score.notes = std::move(selection.notes);
  score.hardware_classes = selection.hardware_classes;
  score.base_workloads = base_workloads_of(selection, options);
  ProfileOptions profile = options.profile;
  profile.base_workloads = score.base_workloads;
  std::sort(profile.held_out.begin(), profile.held_out.end());
  score.workloads = score.base_workloads;
  score.workloads.insert(score.workloads.end(), profile.held_out.begin(), profile.held_out.end());

  for (const auto& [submission, by_workload] : selection.trials) {
    score.submissions.push_back(submission);
    for (const std::string& workload : score.workloads) {
      const auto found = by_workload.find(workload);
      const bool has_trials = found != by_workload.end();
      WorkloadTime time = time_of_workload(has_trials ? found->second : std::vector<const TrialResult*>{},
                                           selection.targets[workload], options.time_to_target);
      score.time_to_target[submission][workload] = time.time;
      score.studies[submission][workload] = std::move(time.studies);
      if (has_trials) {
        note_gaps(submission + " on " + workload, found->second, options, score.notes);
      } else {
        score.notes.push_back(submission + " on " + workload + ": no trial");
      }
    }
  }
  score.profile = compute_profile(score.time_to_target, profile);
  return score;
}

}  // namespace timetrial
