#include "results/tables/trial_list.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/journal/sync_verdict.h"
#include "results/scoring/reference_drift.h"
#include "results/tables/csv.h"
#include "results/tables/json_number.h"
#include "results/tables/text_table.h"

namespace timetrial {

namespace {

std::string machine_of(const TrialResult& trial) {
  if (trial.starts.empty()) return "";
  const std::map<std::string, std::string>& facts = trial.starts.back().machine;
  std::string machine;
  for (const char* name : {"host", "cpu"}) {
    const auto found = facts.find(name);
    if (found != facts.end()) machine += (machine.empty() ? "" : ", ") + found->second;
  }
  return machine;
}

TrialLine line_of(const TrialResult& trial, const std::function<bool(const TrialResult&)>& is_running) {
  TrialLine line;
  line.id = trial.id;
  line.submission = trial.spec.submission;
  line.workload = full_workload_name(trial.spec);
  line.ruleset = trial.spec.ruleset;
  line.study = trial.spec.study;
  line.trial = trial.spec.trial;
  line.best_metric = best_validation(trial);
  line.metric = trial.spec.target.metric;
  line.target = trial.spec.target.validation;
  line.seed = trial.spec.seed;
  line.machine = machine_of(trial);
  line.hardware_class = trial.spec.hardware_class;
  line.directory = trial.directory;
  if (const auto drift = reference_drift(trial.reference_times)) {
    const bool is_too_much = has_drifted(trial.reference_times, trial.spec.reference_drift).value_or(false);
    line.drift = (is_too_much ? "! " : "") + to_string(*drift);
  }
  line.interruptions = std::ssize(trial.interruptions);
  if (!trial.starts.empty()) line.isolation = trial.starts.back().isolation;
  if (!trial.sync_audits.empty()) line.sync_audit = to_string(sync_verdict(trial.sync_audits));
  if (!trial.outcome.empty()) {
    line.state = to_string(trial.outcome.front().outcome);
    line.message = trial.outcome.front().message;
    line.steps = trial.outcome.front().step;
    line.seconds = trial.outcome.front().submission_seconds;
    return line;
  }
  line.state = is_running && is_running(trial) ? "running" : "interrupted";
  if (line.state == "interrupted" && !trial.interruptions.empty())
    line.message = trial.interruptions.back().message;
  if (!trial.evaluations.empty()) {
    line.steps = trial.evaluations.back().step;
    line.seconds = trial.evaluations.back().submission_seconds;
  }
  return line;
}

}  // namespace

double best_validation(const TrialResult& trial) {
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const EvaluationRecord& evaluation : trial.evaluations) {
    const auto found = evaluation.metrics.find("validation/" + trial.spec.target.metric);
    if (found == evaluation.metrics.end() || std::isnan(found->second)) continue;
    const bool minimize = trial.spec.target.goal == MetricGoal::minimize;
    if (std::isnan(best) || (minimize ? found->second < best : found->second > best)) best = found->second;
  }
  return best;
}

std::vector<TrialLine> list_trials(const std::vector<TrialResult>& trials,
                                   const std::function<bool(const TrialResult&)>& is_running) {
  std::vector<TrialLine> lines;
  for (const TrialResult& trial : trials) lines.push_back(line_of(trial, is_running));
  return lines;
}

std::string trial_table(const std::vector<TrialLine>& lines) {
  std::vector<TableColumn> columns = {
      {"id", true}, {"submission"},  {"workload"},      {"study", true}, {"trial", true},
      {"outcome"},  {"steps", true}, {"seconds", true}, {"best", true},  {"target", true},
      {"metric"},   {"seed", true},  {"ruleset"},       {"isolation"},   {"interruptions", true},
      {"machine"}};
  const bool is_audited =
      std::any_of(lines.begin(), lines.end(), [](const TrialLine& line) { return !line.sync_audit.empty(); });
  if (is_audited) columns.push_back({"host waits"});
  const bool is_gauged =
      std::any_of(lines.begin(), lines.end(), [](const TrialLine& line) { return !line.drift.empty(); });
  if (is_gauged) columns.push_back({"drift"});
  std::vector<std::vector<std::string>> rows;
  for (const TrialLine& line : lines) {
    rows.push_back({std::to_string(line.id), line.submission, line.workload, std::to_string(line.study),
                    std::to_string(line.trial), line.state, std::to_string(line.steps),
                    fmt::format("{:.1f}", line.seconds),
                    std::isnan(line.best_metric) ? "–" : fmt::format("{:.5g}", line.best_metric),
                    fmt::format("{:.6g}", line.target), line.metric, std::to_string(line.seed), line.ruleset,
                    line.isolation.empty() ? "–" : line.isolation, std::to_string(line.interruptions),
                    line.machine});
    if (is_audited) rows.back().push_back(line.sync_audit.empty() ? "–" : line.sync_audit);
    if (is_gauged) rows.back().push_back(line.drift.empty() ? "–" : line.drift);
  }
  return render_table(columns, rows);
}

std::string trial_json(const std::vector<TrialLine>& lines) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const TrialLine& line : lines) {
    json.push_back({{"id", line.id},
                    {"submission", line.submission},
                    {"workload", line.workload},
                    {"ruleset", line.ruleset},
                    {"study", line.study},
                    {"trial", line.trial},
                    {"outcome", line.state},
                    {"message", line.message},
                    {"steps", line.steps},
                    {"seconds", number_json(line.seconds)},
                    {"metric", line.metric},
                    {"best_metric", number_json(line.best_metric)},
                    {"target", number_json(line.target)},
                    {"seed", line.seed},
                    {"machine", line.machine},
                    {"hardware_class", line.hardware_class},
                    {"directory", line.directory},
                    {"drift", line.drift},
                    {"isolation", line.isolation},
                    {"interruptions", line.interruptions},
                    {"sync_audit", line.sync_audit}});
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string trial_csv(const std::vector<TrialLine>& lines) {
  std::string text = csv_row(
      {"id",      "submission",     "workload",  "ruleset",   "study",         "trial",  "outcome",
       "message", "steps",          "seconds",   "metric",    "best_metric",   "target", "seed",
       "machine", "hardware_class", "directory", "isolation", "interruptions", "drift",  "sync_audit"});
  for (const TrialLine& line : lines) {
    text += csv_row({std::to_string(line.id),
                     line.submission,
                     line.workload,
                     line.ruleset,
                     std::to_string(line.study),
                     std::to_string(line.trial),
                     line.state,
                     line.message,
                     std::to_string(line.steps),
                     exact_number(line.seconds),
                     line.metric,
                     exact_number(line.best_metric),
                     exact_number(line.target),
                     std::to_string(line.seed),
                     line.machine,
                     line.hardware_class,
                     line.directory,
                     line.isolation,
                     std::to_string(line.interruptions),
                     line.drift,
                     line.sync_audit});
  }
  return text;
}

}  // namespace timetrial
