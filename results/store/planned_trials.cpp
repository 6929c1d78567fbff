#include "results/store/planned_trials.h"

#include <cstring>
#include <limits>
#include <unordered_map>

#include "results/scoring/milestones.h"

namespace timetrial {

namespace {

TrialPlan plan_from(const Statement& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.real(4), row.integer(5), row.real(6)};
}

// The columns from 7 on.
void add_measurements(const Statement& row, TrialProgress& progress) {
  progress.begun = !row.is_null(7);
  if (!progress.begun) return;
  if (!row.is_null(8)) progress.outcome = row.text(8);
  progress.last_step = row.integer(9);
  progress.last_seconds = row.is_null(10) ? 0 : row.real(10);
  progress.target = {row.text(11), row.integer(12) == 1 ? MetricGoal::minimize : MetricGoal::maximize,
                     row.real(13), row.optional_real(14)};
  progress.wall_seconds = row.is_null(16) ? 0 : row.real(16);
  progress.interruptions = row.integer(17);
  const std::string_view milestones = row.blob(15);
  if (milestones.empty()) return;
  Milestone best;
  std::memcpy(&best, milestones.data() + milestones.size() - sizeof best, sizeof best);
  progress.best = best.value;
  const auto hit = first_to_reach(milestones, progress.target, std::numeric_limits<double>::infinity());
  if (hit) progress.seconds_to_target = hit->seconds;
}

constexpr const char* kMeasurements =
    "t.id, t.outcome, t.last_step, t.last_seconds, e.metric, e.minimize, e.validation_target, e.test_target, "
    "t.milestones, (SELECT o.clock_wall FROM outcomes o WHERE o.trial_id = t.id ORDER BY o.ordinal DESC "
    "LIMIT 1), (SELECT count(*) FROM interruptions i WHERE i.trial_id = t.id)";

void read_rows(Database& database, const std::string& sql, std::vector<TrialProgress>& trials) {
  Statement rows(database, sql);
  while (rows.step()) {
    TrialProgress progress;
    progress.plan = plan_from(rows);
    add_measurements(rows, progress);
    trials.push_back(std::move(progress));
  }
}

}  // namespace

void plan_trials(Database& database, const std::vector<TrialPlan>& trials) {
  Transaction transaction(database, Transaction::Kind::write);
  Statement add(
      database,
      "INSERT INTO planned_trials (directory, ruleset, submission, workload, budget_seconds, jobs, "
      "unix_seconds) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (directory) DO UPDATE SET jobs = ?6, "
      "unix_seconds = ?7");
  for (const TrialPlan& trial : trials) {
    add.bind(trial.directory, trial.ruleset, trial.submission, trial.workload, trial.budget_seconds,
             trial.jobs, trial.unix_seconds)
        .run();
  }
  transaction.commit();
}

std::vector<TrialProgress> read_progress(Database& database) {
  const Transaction snapshot(database, Transaction::Kind::read);
  std::vector<TrialProgress> trials;
  // A directory may have been run anew after its journal was removed: its newest trial counts.
  read_rows(
      database,
      std::string("SELECT p.directory, p.ruleset, p.submission, p.workload, p.budget_seconds, p.jobs, "
                  "p.unix_seconds, ") +
          kMeasurements +
          " FROM planned_trials p LEFT JOIN (SELECT directory, max(trial_id) AS id FROM trial_sources GROUP "
          "BY directory) s ON s.directory = p.directory LEFT JOIN trials t ON t.id = s.id LEFT JOIN entries "
          "e "
          "ON e.id = t.entry_id ORDER BY p.rowid",
      trials);
  read_rows(
      database,
      std::string("SELECT s.directory, e.ruleset, b.name, e.workload || iif(e.variant = '', '', '_' || "
                  "e.variant), e.budget_seconds, 1, 0, ") +
          kMeasurements +
          " FROM trials t JOIN trial_sources s ON s.trial_id = t.id JOIN entries e ON e.id = t.entry_id JOIN "
          "submissions b ON b.id = e.submission_id WHERE s.directory NOT IN (SELECT directory FROM "
          "planned_trials) ORDER BY t.id",
      trials);
  return trials;
}

}  // namespace timetrial
