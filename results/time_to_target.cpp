#include "results/time_to_target.h"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

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

std::optional<Hit> first_hit(const TrialResult& trial, const MetricTarget& target, TimeAxis axis) {
  const std::string metric = "validation/" + target.metric;
  for (std::size_t i = 0; i < trial.evaluations.size(); ++i) {
    const EvaluationRecord& evaluation = trial.evaluations[i];
    const auto found = evaluation.metrics.find(metric);
    const double value = found == evaluation.metrics.end() ? kNan : found->second;
    if (!target.reached(value, target.validation)) continue;
    return Hit{
        i, axis == TimeAxis::steps ? static_cast<double>(evaluation.step) : evaluation.submission_seconds};
  }
  return std::nullopt;
}

bool is_measured(const TrialResult& trial) {
  return !trial.evaluations.empty() || !trial.outcome.empty();
}

std::optional<StudyTime> time_of_study(int64_t study, const std::vector<const TrialResult*>& trials,
                                       const MetricTarget& target, const TimeToTargetOptions& options) {
  if (std::none_of(trials.begin(), trials.end(),
                   [](const TrialResult* trial) { return is_measured(*trial); })) {
    return std::nullopt;
  }
  StudyTime chosen{study, kInfinity, std::nullopt, std::nullopt};
  std::optional<Hit> best;
  for (const TrialResult* trial : trials) {
    const std::optional<Hit> hit = first_hit(*trial, target, options.axis);
    if (!hit || (best && !beats(*hit, *best, options))) continue;
    best = hit;
    chosen = {study, hit->time, trial->spec.trial, hit->evaluation};
  }
  return chosen;
}

WorkloadTime time_of_workload(const std::vector<const TrialResult*>& trials, const MetricTarget& target,
                              const TimeToTargetOptions& options) {
  std::map<int64_t, std::vector<const TrialResult*>> by_study;
  for (const TrialResult* trial : trials) by_study[trial->spec.study].push_back(trial);
  for (int64_t study = 0; study < options.expected_studies; ++study) by_study[study];

  WorkloadTime result;
  for (const auto& [study, of_study] : by_study) {
    const std::optional<StudyTime> time = time_of_study(study, of_study, target, options);
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
