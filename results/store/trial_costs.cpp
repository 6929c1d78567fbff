#include "results/store/trial_costs.h"

namespace timetrial {

std::vector<TrialCost> read_trial_costs(Database& database) {
  std::vector<TrialCost> costs;
  Statement rows(
      database,
      "SELECT s.name, e.workload, e.variant, e.tier, e.hardware_class, e.ruleset, o.step, "
      "o.submission_seconds, o.clock_wall, o.clock_submission + ifnull(o.clock_data_wait, 0), "
      "ifnull((SELECT max(c.bytes) FROM checkpoints c WHERE c.trial_id = o.trial_id), 0) "
      "FROM outcomes o JOIN trials t ON t.id = o.trial_id JOIN entries e ON e.id = t.entry_id "
      "JOIN submissions s ON s.id = e.submission_id WHERE NOT EXISTS (SELECT 1 FROM attempts a WHERE "
      "a.trial_id = o.trial_id AND a.ordinal > o.ordinal) ORDER BY o.trial_id");
  while (rows.step()) {
    TrialCost cost;
    cost.submission = rows.text(0);
    cost.workload = rows.text(1) + (rows.text(2).empty() ? "" : "_" + rows.text(2));
    cost.tier = rows.text(3);
    cost.hardware_class = rows.text(4);
    cost.ruleset = rows.text(5);
    cost.steps = rows.integer(6);
    cost.submission_seconds = rows.real(7);
    if (const double on_the_clock = rows.real(9); on_the_clock > 0)
      cost.wall_per_second = rows.real(8) / on_the_clock;
    cost.checkpoint_bytes = rows.integer(10);
    if (cost.submission_seconds > 0) costs.push_back(std::move(cost));
  }
  return costs;
}

}  // namespace timetrial
