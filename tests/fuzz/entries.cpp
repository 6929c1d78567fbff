#include "entries.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/errors/user_error.h"
#include "require.h"
#include "results/exchange/algoperf_trial.h"
#include "results/exchange/csv_import.h"

namespace timetrial {

namespace {

ImportRules small_rules() {
  ImportRules rules;
  rules.ruleset = "small";
  rules.benchmark = "small";
  rules.hardware_class = "one";
  ImportedWorkloadRules& workload = rules.workloads["ogbg"];
  workload.workload = "ogbg";
  workload.target = {"loss", MetricGoal::minimize, 0.5, 0.6};
  workload.budget_seconds = 100;
  workload.logged_budget_seconds = 100;
  workload.evaluation_period_seconds = 10;
  return rules;
}

void require_storable(const ImportedTrial& trial) {
  require(!trial.records.empty() && std::holds_alternative<StartRecord>(trial.records.front()),
          "begins with a start");
  const std::string spec = trial_spec_to_json(trial.spec);
  require(trial_spec_to_json(trial_spec_from_json(spec, "spec")) == spec, "the spec reads back");
  for (const JournalRecord& record : trial.records) {
    const std::string json = record_to_json(record);
    require(record_to_json(record_from_json(json)) == json, "a record reads back");
  }
}

LoggedTrial place_of_trial() {
  LoggedTrial place;
  place.directory = "amos/study_0/ogbg_jax/trial_1";
  place.submission = "amos";
  place.workload = "ogbg";
  place.framework = "jax";
  place.trial = 1;
  place.source = place.directory.string();
  return place;
}

void import_files(const LoggedTrial& place, const AlgoperfFiles& files) {
  ImportProblems problems;
  const ImportRules rules = small_rules();
  const auto trial = import_algoperf_trial(parse_algoperf_trial(place, files, problems), rules, problems);
  if (trial) require_storable(*trial);
}

// Cuts the part up to the next NUL off the front of `bytes`.
std::string next_part(std::string_view& bytes) {
  const std::size_t end = std::min(bytes.find('\0'), bytes.size());
  const std::string part(bytes.substr(0, end));
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return part;
}

}  // namespace

void fuzz_tidy_table(std::string_view bytes) {
  const std::string evaluations = next_part(bytes);
  const std::string trials(bytes);
  try {
    ImportProblems problems;
    TidyTable table =
        read_tidy_table({evaluations, "evals.csv"},
                        trials.empty() ? std::nullopt : std::optional<TidyText>({trials, "trials.csv"}));
    for (const ImportedTrial& trial : trials_of_table(std::move(table), small_rules(), problems)) {
      require_storable(trial);
    }
  } catch (const UserError&) {
  }
}

void fuzz_evaluation_table(std::string_view bytes) {
  AlgoperfFiles files;
  files.evaluations = std::string(bytes);
  import_files(place_of_trial(), files);
}

void fuzz_json_files(std::string_view bytes) {
  AlgoperfFiles files;
  files.hyperparameters = next_part(bytes);
  files.meta_data = next_part(bytes);
  files.flags = next_part(bytes);
  if (!bytes.empty()) files.identity = next_part(bytes);
  LoggedTrial place = place_of_trial();
  import_files(place, files);
  place.workload = "ogbg_unheard_of";
  import_files(place, files);
}

}  // namespace timetrial
