#include "results/store/trial_summary.h"

#include "results/scoring/milestones.h"

namespace timetrial {

namespace {

MetricGoal goal_of(Database& database, int64_t trial_id) {
  Statement row(database,
                "SELECT e.minimize FROM trials t JOIN entries e ON e.id = t.entry_id WHERE t.id = ?1");
  row.bind(trial_id).step();
  return row.integer(0) == 1 ? MetricGoal::minimize : MetricGoal::maximize;
}

// The newest outcome, unless another attempt follows it.
std::optional<std::string> standing_outcome(Database& database, int64_t trial_id) {
  Statement row(
      database,
      "SELECT o.outcome FROM outcomes o WHERE o.trial_id = ?1 AND NOT EXISTS (SELECT 1 FROM attempts a "
      "WHERE a.trial_id = o.trial_id AND a.ordinal > o.ordinal) ORDER BY o.ordinal DESC LIMIT 1");
  if (!row.bind(trial_id).step()) return std::nullopt;
  return row.text(0);
}

}  // namespace

void renew_trial_summary(Database& database, int64_t trial_id) {
  MilestoneFinder finder(goal_of(database, trial_id));
  int64_t last_step = 0;
  double last_seconds = 0;
  {
    Statement rows(database,
                   "SELECT step, submission_seconds, validation FROM evaluations WHERE trial_id = ?1 AND "
                   "superseded_by IS NULL ORDER BY ordinal");
    rows.bind(trial_id);
    while (rows.step()) {
      last_step = rows.integer(0);
      last_seconds = rows.real(1);
      finder.add(last_step, last_seconds, rows.real(2));
    }
  }
  const std::string milestones = pack_milestones(finder.milestones());
  Statement(database,
            "UPDATE trials SET outcome = ?2, evaluation_count = ?3, last_step = ?4, last_seconds = ?5, "
            "milestones = ?6 WHERE id = ?1")
      .bind(trial_id, standing_outcome(database, trial_id), finder.evaluations(), last_step, last_seconds,
            Blob{milestones})
      .run();
}

}  // namespace timetrial
