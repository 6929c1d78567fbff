#include "results/exchange/csv_export.h"

#include <set>

#include <nlohmann/json.hpp>

#include "results/exchange/exported_trials.h"
#include "results/tables/csv.h"

namespace timetrial {

namespace {

std::vector<std::string> place_cells(const TrialResult& trial) {
  return {trial.spec.submission, std::to_string(trial.spec.study), full_workload_name(trial.spec),
          framework_of(trial, "libtorch"), std::to_string(trial.spec.trial)};
}

// "validation/loss" -> "loss": the metrics of an evaluation, whichever sets they were measured on.
std::set<std::string> metric_names(const EvaluationRecord& evaluation) {
  std::set<std::string> names;
  for (const auto& [name, value] : evaluation.metrics) names.insert(name.substr(name.find('/') + 1));
  return names;
}

std::string metric_cell(const EvaluationRecord& evaluation, const std::string& name) {
  const auto found = evaluation.metrics.find(name);
  return found == evaluation.metrics.end() ? "" : exact_number(found->second);
}

std::string evaluation_rows(const TrialResult& trial) {
  std::string rows;
  for (std::size_t i = 0; i < trial.evaluations.size(); ++i) {
    const EvaluationRecord& evaluation = trial.evaluations[i];
    for (const std::string& name : metric_names(evaluation)) {
      std::vector<std::string> cells = place_cells(trial);
      for (const std::string& cell :
           {std::to_string(i), std::to_string(evaluation.step), exact_number(evaluation.submission_seconds),
            exact_number(evaluation.evaluation_seconds), exact_number(evaluation.logging_seconds),
            exact_number(evaluation.wall_seconds), name, metric_cell(evaluation, "validation/" + name),
            metric_cell(evaluation, "test/" + name), metric_cell(evaluation, "train/" + name)}) {
        cells.push_back(cell);
      }
      rows += csv_row(cells);
    }
  }
  return rows;
}

std::string hyperparameters_text(const TrialSpec& spec) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [name, value] : spec.hyperparameters) {
    std::visit([&, &key = name](const auto& held) { object[key] = held; }, value);
  }
  return object.empty() ? "" : object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string machine_text(const TrialResult& trial) {
  if (trial.starts.empty()) return "";
  const auto found = trial.starts.front().machine.find("cpu");
  return found == trial.starts.front().machine.end() ? "" : found->second;
}

std::string trial_row(const TrialResult& trial) {
  const TrialSpec& spec = trial.spec;
  std::vector<std::string> cells = place_cells(trial);
  for (const std::string& cell :
       {std::string(trial.evaluations.empty() ? "no_eval" : "ok"), std::to_string(trial.evaluations.size()),
        trial.outcome.empty() ? std::string() : to_string(trial.outcome.front().outcome), spec.ruleset,
        spec.hardware_class, spec.workload, spec.target.metric,
        std::string(spec.target.goal == MetricGoal::minimize ? "minimize" : "maximize"),
        exact_number(spec.target.validation),
        spec.target.test ? exact_number(*spec.target.test) : std::string(), exact_number(spec.budget_seconds),
        exact_number(spec.evaluation_period_seconds), std::to_string(spec.step_hint),
        hyperparameters_text(spec), machine_text(trial)}) {
    cells.push_back(cell);
  }
  return csv_row(cells);
}

}  // namespace

TidyCsv tidy_csv(const std::vector<TrialResult>& trials) {
  TidyCsv tables;
  tables.evaluations =
      csv_row({"submission", "study", "workload", "framework", "trial", "eval_index", "global_step",
               "accumulated_submission_time", "accumulated_eval_time", "accumulated_logging_time",
               "total_duration", "metric", "validation_value", "test_value", "train_value"});
  tables.trials = csv_row({"submission",
                           "study",
                           "workload",
                           "framework",
                           "trial",
                           "status",
                           "n_evals",
                           "outcome",
                           "ruleset",
                           "hardware_class",
                           "base_workload",
                           "metric",
                           "goal",
                           "validation_target",
                           "test_target",
                           "budget_seconds",
                           "evaluation_period_seconds",
                           "step_hint",
                           "hyperparameters",
                           "machine"});
  for (const TrialResult* trial : trials_to_export(trials)) {
    tables.evaluations += evaluation_rows(*trial);
    tables.trials += trial_row(*trial);
  }
  return tables;
}

}  // namespace timetrial
