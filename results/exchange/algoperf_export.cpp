#include "results/exchange/algoperf_export.h"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "harness/journal/durable_file.h"
#include "harness/journal/json_fields.h"
#include "results/exchange/exported_file.h"
#include "results/exchange/exported_identity.h"
#include "results/exchange/exported_trials.h"
#include "results/tables/csv.h"

namespace timetrial {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::array<const char*, 5> kFiles = {"eval_measurements.csv", "hparams.json", "meta_data_0.json",
                                               "flags_0.json", kIdentityFile};

std::string json_text(const json& object) {
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string hyperparameters_json(const TrialSpec& spec) {
  json object = json::object();
  for (const auto& [name, value] : spec.hyperparameters) {
    std::visit([&, &key = name](const auto& held) { object[key] = held; }, value);
  }
  return json_text(object);
}

// The keys under which AlgoPerf logs them.
std::string meta_data_json(const TrialResult& trial) {
  const TrialSpec& spec = trial.spec;
  json object = {{"workload.target_metric_name", spec.target.metric},
                 {"workload.validation_target_value", number_to_json(spec.target.validation)},
                 {"workload.test_target_value", optional_number_to_json(spec.target.test)},
                 {"workload.max_allowed_runtime_sec", spec.budget_seconds},
                 {"workload.eval_period_time_sec", spec.evaluation_period_seconds},
                 {"workload.step_hint", spec.step_hint},
                 {"workload.eval_batch_size", spec.evaluation_batch_size},
                 {"rng_seed", spec.seed}};
  const std::map<std::string, std::string> machine =
      trial.starts.empty() ? std::map<std::string, std::string>() : trial.starts.front().machine;
  for (const auto& [ours, theirs] : {std::pair{"cpu", "cpu_model_name"},
                                     {"cores", "cpu_count"},
                                     {"gpu", "gpu_model_name"},
                                     {"driver", "gpu_driver"},
                                     {"os", "os_platform"}}) {
    if (machine.count(ours) != 0) object[theirs] = machine.at(ours);
  }
  return json_text(object);
}

std::string flags_json(const TrialResult& trial, const std::string& framework) {
  return json_text(
      {{"workload", full_workload_name(trial.spec)},
       {"framework", framework},
       {"tuning_ruleset", trial.spec.hyperparameter_source == "self-tuning" ? "self" : "external"},
       {"rng_seed", trial.spec.seed}});
}

std::string identity_json(const TrialResult& trial) {
  ExportedIdentity identity;
  identity.spec = trial.spec;
  if (!trial.starts.empty()) identity.start = trial.starts.front();
  if (!trial.outcome.empty()) identity.outcome = trial.outcome.front();
  return identity_to_json(identity);
}

[[noreturn]] void refuse(const fs::path& directory, const std::string& what, const fs::path& found) {
  throw UserError({what, directory.string(), found.string(), "choose an empty directory, or a new one"});
}

// Everything there must be a file of an export, of a trial that is exported again.
void require_empty_or_ours(const fs::path& directory, const std::vector<fs::path>& paths) {
  const std::set<fs::path> ours(paths.begin(), paths.end());
  std::error_code error;
  if (!fs::exists(directory, error)) return;
  if (!fs::is_directory(directory, error)) refuse(directory, "is no directory", "");
  for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_directory()) continue;
    const fs::path name = entry->path().filename();
    const fs::path trial = entry->path().parent_path();
    const bool known =
        std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end() || name.extension() == ".partial";
    if (!known || !fs::exists(trial / kIdentityFile)) {
      refuse(directory, "the directory holds files that are no export of timetrial", entry->path());
    }
    if (ours.count(trial.lexically_relative(directory)) == 0) {
      refuse(directory, "the directory holds an earlier export with other trials", trial);
    }
  }
  if (error) throw_file_error("cannot be read", directory, error.value());
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw_file_error("cannot be made", folder, error.value());
}

}  // namespace

std::string algoperf_evaluations_csv(const TrialResult& trial) {
  std::set<std::string> metrics;
  for (const EvaluationRecord& evaluation : trial.evaluations) {
    for (const auto& [name, value] : evaluation.metrics) metrics.insert(name);
  }
  std::vector<std::string> header = {
      "accumulated_eval_time", "accumulated_logging_time", "accumulated_submission_time",
      "global_step",           "preemption_count",         "score",
      "total_duration"};
  header.insert(header.end(), metrics.begin(), metrics.end());
  std::string text = csv_row(header);
  for (const EvaluationRecord& evaluation : trial.evaluations) {
    const std::string seconds = exact_number(evaluation.submission_seconds);
    std::vector<std::string> cells = {exact_number(evaluation.evaluation_seconds),
                                      exact_number(evaluation.logging_seconds),
                                      seconds,
                                      std::to_string(evaluation.step),
                                      "0",
                                      seconds,
                                      exact_number(evaluation.wall_seconds)};
    for (const std::string& name : metrics) {
      const auto found = evaluation.metrics.find(name);
      cells.push_back(found == evaluation.metrics.end() ? "" : exact_number(found->second));
    }
    text += csv_row(cells);
  }
  return text;
}

ExportSummary export_algoperf(const std::vector<TrialResult>& trials, const fs::path& directory) {
  const std::vector<const TrialResult*> chosen = trials_to_export(trials);
  const std::vector<fs::path> paths = algoperf_paths(chosen);
  require_empty_or_ours(directory, paths);
  ExportSummary summary;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const TrialResult& trial = *chosen[i];
    const fs::path folder = directory / paths[i];
    make_folder(folder);
    // First, so that an export that was interrupted is known as ours.
    write_exported_file(folder / kIdentityFile, identity_json(trial));
    write_exported_file(folder / "hparams.json", hyperparameters_json(trial.spec));
    write_exported_file(folder / "meta_data_0.json", meta_data_json(trial));
    write_exported_file(folder / "flags_0.json", flags_json(trial, framework_of(trial, "pytorch")));
    if (!trial.evaluations.empty()) {
      write_exported_file(folder / "eval_measurements.csv", algoperf_evaluations_csv(trial));
    }
    ++summary.trials;
    summary.evaluations += trial.evaluations.size();
  }
  return summary;
}

}  // namespace timetrial
