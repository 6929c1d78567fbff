#include "results/score.h"

#include <algorithm>
#include <set>

#include "results/trial_selection.h"

namespace timetrial {

namespace {

std::vector<std::string> base_workloads_of(const TrialSelection& selection, const ProfileOptions& profile) {
  std::set<std::string> names(profile.base_workloads.begin(), profile.base_workloads.end());
  if (names.empty()) {
    for (const auto& [submission, workloads] : selection.trials) {
      for (const auto& [workload, trials] : workloads) names.insert(workload);
    }
    for (const std::string& held_out : profile.held_out) names.erase(held_out);
  }
  return {names.begin(), names.end()};
}

std::string plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// Says where a cell rests on less than the ruleset asks for.
void note_gaps(const std::string& place, const std::vector<const ScoredTrial*>& trials,
               const ScoreOptions& options, std::vector<std::string>& notes) {
  const auto unfinished =
      std::count_if(trials.begin(), trials.end(), [](const ScoredTrial* trial) { return !trial->ended; });
  std::set<int64_t> studies;
  for (const ScoredTrial* trial : trials) studies.insert(trial->study);
  const int64_t expected = std::ssize(options.time_to_target.expected_studies);
  const int64_t asked = expected * options.trials_per_study;
  if (std::ssize(trials) < asked) {
    notes.push_back(place + ": " + plural(trials.size(), "trial") + " of " + std::to_string(asked));
  } else if (std::ssize(studies) < expected) {
    notes.push_back(place + ": " + std::to_string(studies.size()) + " of " + std::to_string(expected) +
                    " studies");
  }
  if (unfinished > 0 && unfinished < std::ssize(trials)) {
    notes.push_back(place + ": " + plural(static_cast<std::size_t>(unfinished), "trial") +
                    " without an outcome (running, interrupted, or a log that ends early)");
  }
}

}  // namespace

Score compute_score(const std::vector<TrialResult>& trials, const ScoreOptions& options) {
  return compute_score(scoring_input(trials, options.hits), options);
}

Score compute_score(const ScoringInput& input, const ScoreOptions& options) {
  TrialSelection selection = select_trials(input, options);
  Score score;
  score.notes = std::move(selection.notes);
  score.hardware_classes = selection.hardware_classes;
  score.axis = options.hits.axis;
  score.reference = options.profile.reference_submission;
  score.trials = selection.count;
  score.newest_trial = selection.newest_trial;
  score.budgets = selection.budgets;
  score.base_workloads = base_workloads_of(selection, options.profile);
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
      WorkloadTime time = time_of_workload(has_trials ? found->second : std::vector<const ScoredTrial*>{},
                                           options.time_to_target);
      score.time_to_target[submission][workload] = time.time;
      score.studies[submission][workload] = std::move(time.studies);
      if (has_trials) {
        for (const ScoredTrial* trial : found->second) {
          if (trial->measured())
            score.trial_times[submission][workload][trial->study].push_back(trial->time());
        }
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
