#include "results/store/entry_rows.h"

namespace timetrial {

namespace {

int64_t find_or_add_submission(Database& database, const TrialSpec& spec) {
  Statement found(database, "SELECT id FROM submissions WHERE name = ?1 AND sha256 = ?2");
  if (found.bind(spec.submission, spec.submission_sha256).step()) return found.integer(0);
  Statement(database, "INSERT INTO submissions (name, sha256) VALUES (?1, ?2)")
      .bind(spec.submission, spec.submission_sha256)
      .run();
  return database.last_insert_id();
}

}  // namespace

int64_t find_or_add_entry(Database& database, const TrialSpec& spec) {
  const int64_t submission = find_or_add_submission(database, spec);
  const int64_t minimize = spec.target.goal == MetricGoal::minimize ? 1 : 0;
  const auto bound = [&](Statement& statement) -> Statement& {
    return statement.bind(submission, spec.workload, spec.variant, spec.tier, spec.ruleset,
                          spec.ruleset_version, spec.benchmark, spec.hardware_class, spec.target.metric,
                          minimize, spec.target.validation, spec.target.test, spec.budget_seconds,
                          spec.evaluation_period_seconds);
  };
  Statement found(
      database,
      "SELECT id FROM entries WHERE submission_id = ?1 AND workload = ?2 AND variant = ?3 AND tier = ?4 AND "
      "ruleset = ?5 AND ruleset_version = ?6 AND benchmark = ?7 AND hardware_class = ?8 AND metric = ?9 AND "
      "minimize = ?10 AND ifnull(validation_target, 'none') IS ifnull(?11, 'none') AND "
      "ifnull(test_target, 'none') IS ifnull(?12, 'none') AND budget_seconds = ?13 AND "
      "evaluation_period_seconds = ?14");
  if (bound(found).step()) return found.integer(0);
  Statement add(
      database,
      "INSERT INTO entries (submission_id, workload, variant, tier, ruleset, ruleset_version, "
      "benchmark, hardware_class, metric, minimize, validation_target, test_target, budget_seconds, "
      "evaluation_period_seconds) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
      "?14)");
  bound(add).run();
  return database.last_insert_id();
}

}  // namespace timetrial
