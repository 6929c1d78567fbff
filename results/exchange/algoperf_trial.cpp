#include "results/exchange/algoperf_trial.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/errors/user_error.h"
#include "results/exchange/imported_records.h"

namespace timetrial {

namespace {

std::string file_of(const LoggedTrial& place, const char* name) {
  return (place.directory / name).string();
}

std::optional<ImportedWorkloadRules> rules_from_logs(const LoggedTrial& place, const LoggedWorkload& logged,
                                                     const ImportRules& rules) {
  ImportedWorkloadRules workload = unknown_workload(place.workload, rules);
  const std::optional<MetricGoal> goal = goal_of_metric(logged.metric);
  if (!goal || !logged.validation_target || !logged.budget_seconds || !logged.evaluation_period_seconds) {
    return std::nullopt;
  }
  workload.target = {logged.metric, *goal, *logged.validation_target, logged.test_target};
  workload.budget_seconds = *logged.budget_seconds;
  workload.evaluation_period_seconds = *logged.evaluation_period_seconds;
  workload.step_hint = logged.step_hint.value_or(0);
  workload.evaluation_batch_size = logged.evaluation_batch_size.value_or(1);
  return workload;
}

std::optional<ImportedWorkloadRules> workload_rules(const AlgoperfTrial& trial, const ImportRules& rules,
                                                    ImportProblems& problems) {
  const LoggedWorkload& logged = trial.facts.workload;
  const std::string where = trial.place.directory.string();
  const auto known = rules.workloads.find(trial.place.workload);
  if (known == rules.workloads.end()) {
    const std::optional<ImportedWorkloadRules> told = rules_from_logs(trial.place, logged, rules);
    const ProblemKind kind = told ? ProblemKind::rules_from_logs : ProblemKind::unknown_workload;
    problems.push_back({kind, where, trial.place.workload, !told});
    return told;
  }
  const double target = known->second.target.validation;
  if (logged.validation_target && *logged.validation_target != target) {
    problems.push_back({ProblemKind::target_differs, where,
                        fmt::format("{} is logged, {} counts", *logged.validation_target, target)});
  }
  return known->second;
}

StartRecord start_of(const AlgoperfTrial& trial) {
  StartRecord start;
  start.provenance = trial.facts.provenance;
  start.provenance["origin"] = "algoperf";
  start.provenance["framework"] = trial.place.framework;
  start.machine = trial.facts.machine;
  return start;
}

void report_evaluations(const AlgoperfTrial& trial, const MetricTarget& target, ImportProblems& problems) {
  const std::vector<EvaluationRecord>& evaluations = trial.table.evaluations;
  const std::string where = trial.place.directory.string();
  if (evaluations.empty()) problems.push_back({ProblemKind::no_evaluations, where, ""});
  if (evaluations.size() == 1) problems.push_back({ProblemKind::single_evaluation, where, ""});
  if (!evaluations.empty() && evaluations.front().metrics.count("validation/" + target.metric) == 0) {
    problems.push_back({ProblemKind::no_target_metric, where, target.metric});
  }
}

ImportedTrial import_own_trial(AlgoperfTrial& trial, ImportProblems& problems) {
  ImportedTrial imported;
  imported.already_ours = true;
  imported.spec = trial.identity->spec;
  imported.source = trial.place.directory.string();
  report_evaluations(trial, imported.spec.target, problems);
  imported.records =
      imported_records(trial.identity->start, std::move(trial.table.evaluations), imported.source, problems);
  if (trial.identity->outcome) imported.records.emplace_back(*trial.identity->outcome);
  return imported;
}

}  // namespace

AlgoperfTrial parse_algoperf_trial(const LoggedTrial& place, const AlgoperfFiles& files,
                                   ImportProblems& problems) {
  AlgoperfTrial trial;
  trial.place = place;
  if (files.evaluations)
    trial.table = read_evaluation_table(*files.evaluations, file_of(place, "eval_measurements.csv"));
  problems.insert(problems.end(), trial.table.problems.begin(), trial.table.problems.end());
  if (files.hyperparameters) {
    trial.hyperparameters =
        read_hyperparameters(*files.hyperparameters, file_of(place, "hparams.json"), problems);
  }
  if (files.meta_data)
    read_meta_data(*files.meta_data, file_of(place, "meta_data_0.json"), trial.facts, problems);
  if (files.flags) read_flags(*files.flags, file_of(place, "flags_0.json"), trial.facts, problems);
  if (files.identity) {
    try {
      trial.identity = identity_from_json(*files.identity, file_of(place, kIdentityFile));
    } catch (const UserError& error) {
      problems.push_back({ProblemKind::bad_json, file_of(place, kIdentityFile), error.parts().what, true});
    }
  }
  return trial;
}

std::optional<ImportedTrial> import_algoperf_trial(AlgoperfTrial trial, const ImportRules& rules,
                                                   ImportProblems& problems) {
  if (!trial.table.usable) return std::nullopt;
  if (trial.identity) return import_own_trial(trial, problems);
  const std::optional<ImportedWorkloadRules> workload = workload_rules(trial, rules, problems);
  if (!workload) return std::nullopt;
  ImportedTrial imported;
  imported.source = trial.place.directory.string();
  imported.spec = imported_spec(trial.place.submission, *workload, rules);
  imported.spec.study = trial.place.study;
  imported.spec.trial = trial.place.trial;
  imported.spec.seed = trial.facts.seed.value_or(0);
  // Names the place, by which an import recognises its trials.
  imported.spec.hyperparameter_source = "logs of " + trial.place.source;
  if (trial.hyperparameters) {
    imported.spec.hyperparameters = std::move(*trial.hyperparameters);
  } else {
    problems.push_back({ProblemKind::no_hyperparameters, imported.source, ""});
  }
  report_evaluations(trial, imported.spec.target, problems);
  imported.records =
      imported_records(start_of(trial), std::move(trial.table.evaluations), imported.source, problems);
  if (const std::optional<Outcome> outcome = concluded_outcome(imported.records, imported.spec)) {
    imported.records.emplace_back(imported_outcome(imported.records, *outcome));
  }
  return imported;
}

}  // namespace timetrial
