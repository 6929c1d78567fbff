#include "results/scoring/scored_trial.h"

#include <unordered_map>

#include <fmt/format.h>

#include "results/scoring/reference_drift.h"

namespace timetrial {

namespace {

// Equal for specs whose entries are equal, also where a target is NaN.
std::string key_of(const TrialSpec& spec) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", spec.submission,
                     spec.submission_sha256, spec.workload, spec.variant, spec.tier, spec.ruleset,
                     spec.ruleset_version, spec.hardware_class, spec.target.metric,
                     spec.target.goal == MetricGoal::minimize, spec.target.validation, spec.budget_seconds);
}

}  // namespace

Entry entry_of(const TrialSpec& spec) {
  return {spec.submission, spec.submission_sha256, full_workload_name(spec), !spec.variant.empty(),
          spec.tier,       spec.ruleset,           spec.ruleset_version,     spec.hardware_class,
          spec.target,     spec.budget_seconds};
}

MetricTarget HitRules::target_of(const Entry& entry) const {
  MetricTarget target = entry.target;
  const auto found = validation_targets.find(entry.workload);
  if (found != validation_targets.end()) target.validation = found->second;
  return target;
}

double HitRules::budget_of(const Entry& entry) const {
  const auto found = budgets.find(entry.workload);
  return found == budgets.end() ? std::numeric_limits<double>::infinity() : found->second;
}

std::optional<Hit> first_hit(const TrialResult& trial, const MetricTarget& target, TimeAxis axis,
                             double budget_seconds) {
  const std::string metric = "validation/" + target.metric;
  for (std::size_t i = 0; i < trial.evaluations.size(); ++i) {
    const EvaluationRecord& evaluation = trial.evaluations[i];
    const auto found = evaluation.metrics.find(metric);
    if (found == evaluation.metrics.end() || !target.reached(found->second, target.validation)) continue;
    if (evaluation.submission_seconds > budget_seconds) return std::nullopt;
    return Hit{
        i, axis == TimeAxis::steps ? static_cast<double>(evaluation.step) : evaluation.submission_seconds};
  }
  return std::nullopt;
}

ScoringInput scoring_input(const std::vector<TrialResult>& trials, const HitRules& rules) {
  ScoringInput input;
  std::unordered_map<std::string, std::size_t> places;
  for (const TrialResult& result : trials) {
    if (!rules.ruleset.empty() && result.spec.ruleset != rules.ruleset) continue;
    const auto [place, is_new] = places.emplace(key_of(result.spec), input.entries.size());
    if (is_new) input.entries.push_back(entry_of(result.spec));
    const Entry& entry = input.entries[place->second];
    ScoredTrial trial;
    trial.entry = place->second;
    trial.id = result.id;
    trial.study = result.spec.study;
    trial.trial = result.spec.trial;
    trial.evaluated = !result.evaluations.empty();
    trial.ended = !result.outcome.empty() && !may_be_resumed(result.outcome.front().outcome);
    trial.drifted = has_drifted(result.reference_times, result.spec.reference_drift).value_or(false);
    trial.hit = first_hit(result, rules.target_of(entry), rules.axis, rules.budget_of(entry));
    input.trials.push_back(std::move(trial));
  }
  return input;
}

}  // namespace timetrial
