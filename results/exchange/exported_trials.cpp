#include "results/exchange/exported_trials.h"

#include <map>
#include <tuple>

#include <fmt/format.h>

#include "harness/errors/user_error.h"
#include "results/exchange/plain_name.h"
#include "results/exchange/trial_numbers.h"

namespace timetrial {

namespace {

std::string fact_of(const TrialResult& trial, const std::string& name) {
  if (trial.starts.empty()) return "";
  const auto found = trial.starts.front().provenance.find(name);
  return found == trial.starts.front().provenance.end() ? "" : found->second;
}

int64_t algoperf_number(const TrialResult& trial) {
  return fact_of(trial, "origin").empty() ? trial.spec.trial + 1 : trial.spec.trial;
}

}  // namespace

std::vector<const TrialResult*> trials_to_export(const std::vector<TrialResult>& trials) {
  using Place = std::tuple<std::string, std::string, int64_t, int64_t>;
  const auto place_of = [](const TrialSpec& spec) {
    return Place{spec.submission, full_workload_name(spec), spec.study, spec.trial};
  };
  std::map<Place, const TrialResult*> newest;
  for (const TrialResult& trial : trials) newest[place_of(trial.spec)] = &trial;
  std::vector<const TrialResult*> chosen;
  for (const TrialResult& trial : trials) {
    if (newest.at(place_of(trial.spec)) != &trial) continue;
    for (const std::string& name : {trial.spec.submission, full_workload_name(trial.spec)}) {
      if (is_plain_name(name)) continue;
      throw UserError({"this name cannot be a directory", fmt::format("trial {}", trial.id), name,
                       "leave the submission out with --submissions"});
    }
    chosen.push_back(&trial);
  }
  return chosen;
}

std::string framework_of(const TrialResult& trial, const std::string& otherwise) {
  const std::string framework = fact_of(trial, "framework");
  return framework == "jax" || framework == "pytorch" ? framework : otherwise;
}

std::vector<std::filesystem::path> algoperf_paths(const std::vector<const TrialResult*>& trials) {
  std::map<std::pair<std::string, std::string>, std::string> frameworks;
  std::map<std::string, std::vector<std::size_t>> cells;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const TrialSpec& spec = trials[i]->spec;
    const std::string workload = full_workload_name(spec);
    const std::string& framework =
        frameworks.try_emplace({spec.submission, workload}, framework_of(*trials[i], "pytorch"))
            .first->second;
    cells[fmt::format("{}/study_{}/{}_{}", spec.submission, spec.study, workload, framework)].push_back(i);
  }
  std::vector<std::filesystem::path> paths(trials.size());
  for (const auto& [cell, members] : cells) {
    std::vector<int64_t> wanted;
    for (const std::size_t member : members) wanted.push_back(algoperf_number(*trials[member]));
    const std::vector<int64_t> numbers = distinct_trial_numbers(wanted);
    for (std::size_t i = 0; i < members.size(); ++i) {
      paths[members[i]] = std::filesystem::path(cell) / fmt::format("trial_{}", numbers[i]);
    }
  }
  return paths;
}

}  // namespace timetrial
