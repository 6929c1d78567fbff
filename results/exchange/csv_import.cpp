#include "results/exchange/csv_import.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/errors/user_error.h"
#include "results/exchange/file_contents.h"
#include "results/exchange/imported_records.h"
#include "results/exchange/logged_facts.h"
#include "results/exchange/logged_number.h"
#include "results/exchange/plain_name.h"
#include "results/exchange/trial_numbers.h"

namespace timetrial {

namespace {

std::string listed_text(const TidyTrial& trial, const std::string& column) {
  const auto found = trial.listed.find(column);
  return found == trial.listed.end() ? "" : found->second;
}

double listed_number(const TidyTrial& trial, const std::string& column, double otherwise) {
  return finite_number(listed_text(trial, column)).value_or(otherwise);
}

// "demo+max-steps=500": trials under overridden rules bear them behind the name.
std::string base_of(const std::string& label) {
  return label.substr(0, label.find('+'));
}

struct Shape {
  int64_t studies = 0;
  int64_t trials_per_study = 0;
};

Shape shape_of(const TidyTable& table) {
  std::set<int64_t> studies;
  std::map<std::string, int64_t> trials;
  Shape shape;
  for (const TidyTrial& trial : table.trials) {
    studies.insert(trial.study);
    const std::string place = fmt::format("{}/{}/{}", trial.submission, trial.study, trial.workload);
    shape.trials_per_study = std::max(shape.trials_per_study, ++trials[place]);
  }
  shape.studies = std::ssize(studies);
  return shape;
}

// What the table of trials says of a workload that the rules do not know.
std::optional<ImportedWorkloadRules> listed_rules(const TidyTrial& trial, const ImportRules& rules) {
  ImportedWorkloadRules workload = unknown_workload(trial.workload, rules);
  if (const std::string base = listed_text(trial, "base_workload");
      is_plain_name(base) && (trial.workload == base || trial.workload.starts_with(base + "_"))) {
    workload.workload = base;
    workload.variant = trial.workload == base ? "" : trial.workload.substr(base.size() + 1);
  }
  workload.target.metric = listed_text(trial, "metric");
  const std::string goal = listed_text(trial, "goal");
  const std::optional<MetricGoal> told = goal == "minimize"   ? std::optional(MetricGoal::minimize)
                                         : goal == "maximize" ? std::optional(MetricGoal::maximize)
                                                              : goal_of_metric(workload.target.metric);
  const std::optional<double> target = finite_number(listed_text(trial, "validation_target"));
  if (!is_plain_text(workload.target.metric) || !told || !target) return std::nullopt;
  workload.target.goal = *told;
  workload.target.validation = *target;
  workload.target.test = finite_number(listed_text(trial, "test_target"));
  workload.budget_seconds = listed_number(trial, "budget_seconds", 0);
  workload.evaluation_period_seconds = listed_number(trial, "evaluation_period_seconds", 0);
  workload.step_hint = whole_number(std::string_view(listed_text(trial, "step_hint"))).value_or(0);
  if (!(workload.budget_seconds > 0) || !(workload.evaluation_period_seconds > 0)) return std::nullopt;
  return workload;
}

std::optional<ImportedWorkloadRules> rules_of_workload(const TidyTrial& trial, const ImportRules& rules,
                                                       ImportProblems& problems) {
  if (const auto known = rules.workloads.find(trial.workload); known != rules.workloads.end()) {
    return known->second;
  }
  const std::optional<ImportedWorkloadRules> listed = listed_rules(trial, rules);
  if (listed) {
    problems.push_back({ProblemKind::rules_from_logs, trial.place(), trial.workload});
  } else {
    problems.push_back({ProblemKind::unknown_workload, trial.place(), trial.workload, true});
  }
  return listed;
}

StartRecord start_of(const TidyTrial& trial) {
  StartRecord start;
  start.provenance = {{"origin", "csv"}};
  if (!trial.framework.empty()) start.provenance["framework"] = trial.framework;
  if (const std::string machine = listed_text(trial, "machine"); !machine.empty())
    start.machine = {{"cpu", machine}};
  return start;
}

// A column of outcomes tells all: a trial without one there has not ended.
std::optional<Outcome> outcome_of(const TidyTrial& trial, const ImportedTrial& imported,
                                  ImportProblems& problems) {
  const auto listed = trial.listed.find("outcome");
  if (listed == trial.listed.end()) return concluded_outcome(imported.records, imported.spec);
  if (listed->second.empty()) return std::nullopt;
  try {
    return outcome_from_string(listed->second);
  } catch (const UserError&) {
    problems.push_back(
        {ProblemKind::status_differs, trial.place(), "unknown outcome " + listed->second, true});
    return std::nullopt;
  }
}

void check_metric(const TidyTrial& trial, const ImportedTrial& imported, ImportProblems& problems) {
  const std::string metric = "validation/" + imported.spec.target.metric;
  bool any = false;
  for (const JournalRecord& record : imported.records) {
    const auto* evaluation = std::get_if<EvaluationRecord>(&record);
    if (evaluation == nullptr) continue;
    if (evaluation->metrics.count(metric) != 0) return;
    any = true;
  }
  if (any) problems.push_back({ProblemKind::no_target_metric, trial.place(), imported.spec.target.metric});
}

ImportedTrial imported_trial(TidyTrial& trial, int64_t number, const ImportedWorkloadRules& workload,
                             const ImportRules& rules, ImportProblems& problems) {
  ImportedTrial imported;
  imported.spec = imported_spec(trial.submission, workload, rules);
  imported.spec.study = trial.study;
  imported.spec.trial = number;
  // Names the place, by which an import recognises its trials.
  imported.spec.hyperparameter_source = "trial " + trial.place();
  if (const std::string json = listed_text(trial, "hyperparameters"); !json.empty()) {
    imported.spec.hyperparameters = read_hyperparameters(json, trial.place(), problems);
  }
  if (trial.evaluations.empty()) problems.push_back({ProblemKind::no_evaluations, trial.place(), ""});
  if (trial.evaluations.size() == 1) problems.push_back({ProblemKind::single_evaluation, trial.place(), ""});
  imported.source = trial.place();
  imported.records = imported_records(start_of(trial), std::move(trial.evaluations), trial.place(), problems);
  check_metric(trial, imported, problems);
  if (const std::optional<Outcome> outcome = outcome_of(trial, imported, problems)) {
    imported.records.emplace_back(imported_outcome(imported.records, *outcome));
  }
  return imported;
}

// One number per trial of the table, in its order.
std::vector<int64_t> numbers_of(const std::vector<TidyTrial>& trials, ImportProblems& problems) {
  std::map<std::string, std::vector<std::size_t>> cells;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    cells[fmt::format("{}/study_{}/{}", trials[i].submission, trials[i].study, trials[i].workload)].push_back(
        i);
  }
  std::vector<int64_t> numbers(trials.size());
  for (const auto& [cell, members] : cells) {
    std::set<std::string> frameworks;
    std::vector<int64_t> wanted;
    for (const std::size_t member : members) {
      frameworks.insert(trials[member].framework);
      wanted.push_back(trials[member].trial);
    }
    if (frameworks.size() > 1) problems.push_back({ProblemKind::two_frameworks, cell, ""});
    const std::vector<int64_t> given = distinct_trial_numbers(wanted);
    for (std::size_t i = 0; i < members.size(); ++i) {
      numbers[members[i]] = given[i];
      if (given[i] == wanted[i]) continue;
      problems.push_back(
          {ProblemKind::renumbered_trial, trials[members[i]].place(), fmt::format("now {}", given[i])});
    }
  }
  return numbers;
}

}  // namespace

const ImportRules& rules_of_table(const TidyTable& table, const std::vector<ImportRules>& candidates) {
  if (candidates.size() == 1) return candidates.front();
  std::set<std::string> named;
  for (const TidyTrial& trial : table.trials) named.insert(base_of(listed_text(trial, "ruleset")));
  const Shape shape = shape_of(table);
  const ImportRules* found = nullptr;
  int64_t matches = 0;
  for (const ImportRules& rules : candidates) {
    if (named.size() == 1 && *named.begin() == rules.ruleset) return rules;
    if (rules.tier != "full" || rules.studies != shape.studies ||
        rules.trials_per_study != shape.trials_per_study)
      continue;
    found = &rules;
    ++matches;
  }
  if (matches == 1) return *found;
  throw UserError({"the table does not tell which ruleset its trials were run under", "import",
                   fmt::format("{} studies of {} trials", shape.studies, shape.trials_per_study),
                   "give --ruleset, one of: " + names_of(candidates) + ", or a JSON file"});
}

std::vector<ImportedTrial> trials_of_table(TidyTable table, const ImportRules& rules,
                                           ImportProblems& problems) {
  problems.insert(problems.end(), table.problems.begin(), table.problems.end());
  const std::vector<int64_t> numbers = numbers_of(table.trials, problems);
  std::vector<ImportedTrial> trials;
  trials.reserve(table.trials.size());
  for (std::size_t i = 0; i < table.trials.size(); ++i) {
    TidyTrial& trial = table.trials[i];
    const std::optional<ImportedWorkloadRules> workload = rules_of_workload(trial, rules, problems);
    if (workload) trials.push_back(imported_trial(trial, numbers[i], *workload, rules, problems));
  }
  return trials;
}

PreparedImport read_csv(const std::filesystem::path& evaluations,
                        const std::optional<std::filesystem::path>& trials,
                        const std::vector<ImportRules>& candidates) {
  const std::string evaluations_text = file_contents(evaluations);
  const std::string trials_text = trials ? file_contents(*trials) : "";
  TidyTable table =
      read_tidy_table({evaluations_text, evaluations.string()},
                      trials ? std::optional<TidyText>({trials_text, trials->string()}) : std::nullopt);
  const ImportRules& rules = rules_of_table(table, candidates);
  PreparedImport prepared;
  prepared.summary.source = evaluations.string();
  prepared.trials = trials_of_table(std::move(table), rules, prepared.summary.problems);
  for (ImportedTrial& trial : prepared.trials) trial.source = evaluations.string() + "#" + trial.source;
  return prepared;
}

}  // namespace timetrial
