#include "results/scoring/score.h"

#include <algorithm>
#include <set>

#include "results/scoring/trial_selection.h"

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

// Where cells rest on less than the ruleset asks for: one note a kind, with the first few places.
class Gaps {
 public:
  explicit Gaps(const ScoreOptions& options)
      : studies_(std::ssize(options.time_to_target.expected_studies)),
        trials_(studies_ * options.trials_per_study) {}

  void add(const std::string& place, const std::vector<const ScoredTrial*>& trials) {
    std::set<int64_t> studies;
    for (const ScoredTrial* trial : trials) studies.insert(trial->study);
    if (trials.empty()) {
      without_trials_.push_back(place);
    } else if (std::ssize(trials) < trials_) {
      few_trials_.push_back(place + " " + std::to_string(trials.size()));
    } else if (std::ssize(studies) < studies_) {
      few_studies_.push_back(place + " " + std::to_string(studies.size()));
    }
    const auto unfinished =
        std::count_if(trials.begin(), trials.end(), [](const ScoredTrial* trial) { return !trial->ended; });
    if (unfinished > 0) unfinished_.push_back(place + " " + std::to_string(unfinished));
  }

  void add_notes(std::vector<std::string>& notes) const {
    add_note("no trial", without_trials_, notes);
    add_note("fewer trials than the " + std::to_string(trials_) + " of the ruleset", few_trials_, notes);
    add_note("fewer studies than the " + std::to_string(studies_) + " of the ruleset", few_studies_, notes);
    add_note("trials without an outcome (running, interrupted, or a log that ends early)", unfinished_,
             notes);
  }

 private:
  static void add_note(const std::string& kind, const std::vector<std::string>& places,
                       std::vector<std::string>& notes) {
    if (places.empty()) return;
    constexpr std::size_t kShown = 5;
    std::string note = kind + ": ";
    for (std::size_t i = 0; i < std::min(kShown, places.size()); ++i)
      note += (i == 0 ? "" : ", ") + places[i];
    if (places.size() > kShown) note += " and " + std::to_string(places.size() - kShown) + " more places";
    notes.push_back(std::move(note));
  }

  int64_t studies_;
  int64_t trials_;  // of a cell
  std::vector<std::string> without_trials_;
  std::vector<std::string> few_trials_;
  std::vector<std::string> few_studies_;
  std::vector<std::string> unfinished_;
};

// Says so where the machine was not the same before and after some trials.
class Drifts {
 public:
  void add(const std::vector<const ScoredTrial*>& trials) {
    trials_ += std::ssize(trials);
    drifted_ += std::count_if(trials.begin(), trials.end(), [](const ScoredTrial* t) { return t->drifted; });
  }

  void add_note(std::vector<std::string>& notes) const {
    if (drifted_ == 0) return;
    notes.push_back("in " + std::to_string(drifted_) + " of " + std::to_string(trials_) +
                    " trials the machine was slower or faster at the end than at the start by more than the "
                    "ruleset allows (timetrial list trials: drift); their times are doubtful");
  }

 private:
  int64_t trials_ = 0;
  int64_t drifted_ = 0;
};

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

  Gaps gaps(options);
  Drifts drifts;
  static const std::vector<const ScoredTrial*> kNone;
  for (const auto& [submission, by_workload] : selection.trials) {
    score.submissions.push_back(submission);
    for (const std::string& workload : score.workloads) {
      const auto found = by_workload.find(workload);
      const std::vector<const ScoredTrial*>& trials = found == by_workload.end() ? kNone : found->second;
      WorkloadTime time = time_of_workload(trials, options.time_to_target);
      score.time_to_target[submission][workload] = time.time;
      score.studies[submission][workload] = std::move(time.studies);
      for (const ScoredTrial* trial : trials) {
        if (trial->measured()) score.trial_times[submission][workload][trial->study].push_back(trial->time());
      }
      gaps.add(submission + " on " + workload, trials);
      drifts.add(trials);
    }
  }
  gaps.add_notes(score.notes);
  drifts.add_note(score.notes);
  score.profile = compute_profile(score.time_to_target, profile);
  if (score.profile.tau.back() <= score.profile.tau.front()) {
    score.notes.push_back("no scores: the tau axis has no width, as no finite ratio is above its begin");
  }
  return score;
}

}  // namespace timetrial
