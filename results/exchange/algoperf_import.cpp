#include "results/exchange/algoperf_import.h"

#include "harness/errors/user_error.h"
#include "results/exchange/algoperf_rules.h"
#include "results/exchange/algoperf_tree.h"
#include "results/exchange/algoperf_trial.h"
#include "results/exchange/file_contents.h"

namespace timetrial {

namespace {

std::optional<std::string> read_file(const LoggedTrial& place, const char* name, ImportProblems& problems) {
  const std::filesystem::path file = place.directory / name;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return std::nullopt;
  try {
    return file_contents(file);
  } catch (const UserError& error) {
    problems.push_back({ProblemKind::unreadable_file, file.string(), error.parts().value, true});
    return std::nullopt;
  }
}

AlgoperfTrial read_trial(const LoggedTrial& place, ImportProblems& problems) {
  AlgoperfFiles files;
  const std::size_t before = problems.size();
  files.evaluations = read_file(place, "eval_measurements.csv", problems);
  const bool unreadable = problems.size() > before;
  files.hyperparameters = read_file(place, "hparams.json", problems);
  files.meta_data = read_file(place, "meta_data_0.json", problems);
  files.flags = read_file(place, "flags_0.json", problems);
  files.identity = read_file(place, kIdentityFile, problems);
  AlgoperfTrial trial = parse_algoperf_trial(place, files, problems);
  // Not the same as a trial without evaluations.
  if (unreadable) trial.table.usable = false;
  return trial;
}

}  // namespace

PreparedImport read_algoperf(const std::filesystem::path& directory,
                             const std::vector<ImportRules>& candidates) {
  AlgoperfTree tree = find_algoperf_trials(directory);
  PreparedImport prepared;
  prepared.summary.source = directory.string();
  ImportProblems& problems = prepared.summary.problems;
  problems = std::move(tree.problems);
  std::vector<AlgoperfTrial> trials;
  trials.reserve(tree.trials.size());
  for (const LoggedTrial& place : tree.trials) trials.push_back(read_trial(place, problems));
  const AlgoperfRules rules(trials, candidates);
  for (AlgoperfTrial& trial : trials) {
    // A trial of our own brings its rules with it.
    const ImportRules& of_trial = trial.identity ? candidates.front() : rules.of(trial);
    std::optional<ImportedTrial> imported = import_algoperf_trial(std::move(trial), of_trial, problems);
    if (imported) prepared.trials.push_back(std::move(*imported));
  }
  return prepared;
}

}  // namespace timetrial
