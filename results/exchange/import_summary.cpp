#include "results/exchange/import_summary.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace timetrial {

namespace {

using ProblemsByKind = std::map<ProblemKind, std::vector<const ImportProblem*>>;

ProblemsByKind by_kind(const ImportProblems& problems) {
  ProblemsByKind kinds;
  for (const ImportProblem& problem : problems) kinds[problem.kind].push_back(&problem);
  return kinds;
}

std::string counts_text(const ImportSummary& summary) {
  std::string text = fmt::format("imported from {}\n", summary.source);
  text += fmt::format("  ruleset      {}\n", fmt::join(summary.rulesets, ", "));
  text += fmt::format("  found        {} submissions, {} studies, {} workloads, {} trials, {} evaluations\n",
                      summary.submissions.size(), summary.studies.size(), summary.workloads.size(),
                      summary.trials, summary.evaluations);
  text += fmt::format("  trials       {} added, {} grown, {} unchanged; {} of them without evaluations\n",
                      summary.added, summary.grown, summary.unchanged, summary.without_evaluations);
  return text;
}

}  // namespace

bool ImportSummary::left_something_out() const {
  return std::any_of(problems.begin(), problems.end(),
                     [](const ImportProblem& problem) { return problem.left_out; });
}

void ImportSummary::count(const ImportedTrial& trial, const FoldSummary& stored) {
  rulesets.insert(trial.spec.ruleset);
  const std::string submission = trial.spec.ruleset + "/" + trial.spec.submission;
  submissions.insert(submission);
  studies.insert(submission + "/" + std::to_string(trial.spec.study));
  workloads.insert(full_workload_name(trial.spec));
  const auto is_evaluation = [](const JournalRecord& record) {
    return std::holds_alternative<EvaluationRecord>(record);
  };
  const int64_t of_trial = std::count_if(trial.records.begin(), trial.records.end(), is_evaluation);
  ++trials;
  evaluations += of_trial;
  if (of_trial == 0) ++without_evaluations;
  ++(stored.added ? added : stored.changed ? grown : unchanged);
  if (stored.problems.empty()) return;
  const bool ours = trial.already_ours;
  problems.push_back({ours ? ProblemKind::already_stored : ProblemKind::changed_since, trial.source,
                      ours ? "" : stored.problems.front(), !ours});
}

std::string import_summary_text(const ImportSummary& summary, bool all_places) {
  constexpr std::size_t kFew = 3;
  std::string text = counts_text(summary);
  for (const auto& [kind, problems] : by_kind(summary.problems)) {
    text += fmt::format("  {:>6} x {}\n", problems.size(), explanation_of(kind));
    const std::size_t shown = all_places ? problems.size() : std::min(problems.size(), kFew);
    for (std::size_t i = 0; i < shown; ++i) {
      const ImportProblem& problem = *problems[i];
      text += fmt::format("           {}{}{}\n", problem.where, problem.detail.empty() ? "" : ": ",
                          problem.detail);
    }
    if (shown < problems.size())
      text += fmt::format("           … {} more (--verbose)\n", problems.size() - shown);
  }
  return text;
}

std::string import_summary_json(const ImportSummary& summary) {
  nlohmann::ordered_json object = {
      {"source", summary.source},
      {"rulesets", summary.rulesets},
      {"submissions", summary.submissions.size()},
      {"studies", summary.studies.size()},
      {"workloads", summary.workloads.size()},
      {"trials", summary.trials},
      {"added", summary.added},
      {"grown", summary.grown},
      {"unchanged", summary.unchanged},
      {"without_evaluations", summary.without_evaluations},
      {"evaluations", summary.evaluations},
      {"left_something_out", summary.left_something_out()},
  };
  object["problems"] = nlohmann::ordered_json::array();
  for (const ImportProblem& problem : summary.problems) {
    object["problems"].push_back({{"kind", to_string(problem.kind)},
                                  {"where", problem.where},
                                  {"detail", problem.detail},
                                  {"left_out", problem.left_out}});
  }
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace timetrial
