#include "results/scoring/time_to_target.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "harness/errors/user_error.h"
#include "results/scoring/special_values.h"

namespace timetrial {

namespace {

template <typename Enum>
Enum from_string(const std::string& text, const std::string& what,
                 const std::map<std::string, Enum>& choices) {
  const auto found = choices.find(text);
  if (found != choices.end()) return found->second;
  std::string known;
  for (const auto& [name, value] : choices) known += (known.empty() ? "" : ", ") + name;
  throw UserError({"the " + what + " is not known", "scoring options", text, "use one of: " + known});
}

// True when `hit` is to replace `best`, which stands before it in the order of trials.
bool beats(const Hit& hit, const Hit& best, const TimeToTargetOptions& options) {
  if (options.trial_choice == TrialChoice::time) {
    return hit.time < best.time || (hit.time == best.time && options.ties == TieBreak::last);
  }
  if (hit.evaluation != best.evaluation) return hit.evaluation < best.evaluation;
  return options.ties == TieBreak::last;
}

}  // namespace

TrialChoice trial_choice_from_string(const std::string& text) {
  return from_string<TrialChoice>(
      text, "choice of trials", {{"eval-index", TrialChoice::evaluation_index}, {"time", TrialChoice::time}});
}

TieBreak tie_break_from_string(const std::string& text) {
  return from_string<TieBreak>(text, "rule for ties", {{"first", TieBreak::first}, {"last", TieBreak::last}});
}

MissingStudy missing_study_from_string(const std::string& text) {
  return from_string<MissingStudy>(text, "rule for missing studies",
                                   {{"skip", MissingStudy::skip}, {"inf", MissingStudy::infinite}});
}

std::optional<StudyTime> time_of_study(int64_t study, const std::vector<const ScoredTrial*>& trials,
                                       const TimeToTargetOptions& options) {
  if (std::none_of(trials.begin(), trials.end(),
                   [](const ScoredTrial* trial) { return trial->measured(); })) {
    return std::nullopt;
  }
  StudyTime chosen{study, kInfinity, std::nullopt, std::nullopt};
  std::optional<Hit> best;
  for (const ScoredTrial* trial : trials) {
    const std::optional<Hit>& hit = trial->hit;
    if (!hit || (best && !beats(*hit, *best, options))) continue;
    best = hit;
    chosen = {study, hit->time, trial->trial, hit->evaluation};
  }
  return chosen;
}

WorkloadTime time_of_workload(const std::vector<const ScoredTrial*>& trials,
                              const TimeToTargetOptions& options) {
  std::map<int64_t, std::vector<const ScoredTrial*>> by_study;
  for (const ScoredTrial* trial : trials) by_study[trial->study].push_back(trial);
  for (const int64_t study : options.expected_studies) by_study[study];

  WorkloadTime result;
  for (const auto& [study, of_study] : by_study) {
    const std::optional<StudyTime> time = time_of_study(study, of_study, options);
    if (time) {
      result.studies.push_back(*time);
    } else if (options.missing_study == MissingStudy::infinite) {
      result.studies.push_back({study, kInfinity, std::nullopt, std::nullopt});
    }
  }
  if (result.studies.empty()) return result;
  std::vector<double> times;
  for (const StudyTime& study : result.studies) times.push_back(study.time);
  result.time = median_of(std::move(times));
  return result;
}

double median_of(std::vector<double> values) {
  if (values.empty()) throw std::logic_error("median of nothing");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace timetrial
