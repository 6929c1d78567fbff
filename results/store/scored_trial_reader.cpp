#include "results/store/scored_trial_reader.h"

#include <stdexcept>
#include <unordered_map>

#include "harness/errors/user_error.h"
#include "results/scoring/milestones.h"

namespace timetrial {

namespace {

using EntryPlaces = std::unordered_map<int64_t, std::size_t>;  // id -> index

EntryPlaces read_entries(Database& database, const HitRules& rules, ScoringInput& input) {
  EntryPlaces places;
  Statement rows(
      database,
      "SELECT e.id, s.name, s.sha256, e.workload, e.variant, e.tier, e.ruleset, e.ruleset_version, "
      "e.hardware_class, e.metric, e.minimize, e.validation_target, e.test_target, e.budget_seconds "
      "FROM entries e JOIN submissions s ON s.id = e.submission_id "
      "WHERE ?1 = '' OR e.ruleset = ?1 ORDER BY e.id");
  rows.bind(rules.ruleset);
  while (rows.step()) {
    Entry entry;
    entry.submission = rows.text(1);
    entry.submission_sha256 = rows.text(2);
    entry.workload = rows.text(3);
    entry.is_variant = !rows.text(4).empty();
    if (entry.is_variant) entry.workload += "_" + rows.text(4);
    entry.tier = rows.text(5);
    entry.ruleset = rows.text(6);
    entry.ruleset_version = rows.integer(7);
    entry.hardware_class = rows.text(8);
    entry.target = {rows.text(9), rows.integer(10) == 1 ? MetricGoal::minimize : MetricGoal::maximize,
                    rows.real(11), rows.optional_real(12)};
    entry.budget_seconds = rows.real(13);
    places[rows.integer(0)] = input.entries.size();
    input.entries.push_back(std::move(entry));
  }
  return places;
}

}  // namespace

ScoringInput read_scored_trials(Database& database, const HitRules& rules) {
  const Transaction snapshot(database, Transaction::Kind::read);
  ScoringInput input;
  const EntryPlaces places = read_entries(database, rules, input);
  std::vector<MetricTarget> targets;
  std::vector<double> budgets;
  for (const Entry& entry : input.entries) {
    targets.push_back(rules.target_of(entry));
    budgets.push_back(rules.budget_of(entry));
  }
  Statement rows(
      database,
      "SELECT id, entry_id, study, trial, evaluation_count, outcome, milestones, ifnull(drifted, 0) "
      "FROM trials ORDER BY id");
  while (rows.step()) {
    const auto place = places.find(rows.integer(1));
    if (place == places.end()) continue;
    ScoredTrial trial;
    trial.id = rows.integer(0);
    trial.entry = place->second;
    trial.study = rows.integer(2);
    trial.trial = rows.integer(3);
    trial.evaluated = rows.integer(4) > 0;
    trial.ended = !rows.is_null(5) && !may_be_resumed(outcome_from_string(rows.text(5)));
    trial.drifted = rows.integer(7) != 0;
    const std::optional<Milestone> milestone =
        first_to_reach(rows.blob(6), targets[trial.entry], budgets[trial.entry]);
    if (milestone) {
      trial.hit =
          Hit{static_cast<std::size_t>(milestone->evaluation),
              rules.axis == TimeAxis::steps ? static_cast<double>(milestone->step) : milestone->seconds};
    }
    input.trials.push_back(trial);
  }
  return input;
}

}  // namespace timetrial
