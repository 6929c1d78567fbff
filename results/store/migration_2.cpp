#include "results/store/migration_2.h"

#include <vector>

#include "harness/digest/sha256.h"
#include "results/store/entry_rows.h"
#include "results/store/trial_summary.h"

namespace timetrial {

namespace {

constexpr const char* kExchangeTables = R"(
DROP TABLE trials;
ALTER TABLE trials_2 RENAME TO trials;
CREATE INDEX trials_by_place ON trials (entry_id, study, trial);
CREATE VIEW metrics (trial_id, ordinal, name, value) AS
  SELECT v.trial_id, v.ordinal, 'validation/' || e.metric, v.validation
    FROM evaluations v JOIN trials t ON t.id = v.trial_id JOIN entries e ON e.id = t.entry_id WHERE v.measured & 1
  UNION ALL
  SELECT v.trial_id, v.ordinal, 'test/' || e.metric, v.test
    FROM evaluations v JOIN trials t ON t.id = v.trial_id JOIN entries e ON e.id = t.entry_id WHERE v.measured & 2
  UNION ALL
  SELECT v.trial_id, v.ordinal, j.key, j.value FROM evaluations v, json_each(v.more_metrics) j;
)";

}  // namespace

void finish_migration_2(Database& database) {
  std::vector<int64_t> ids;
  {
    Statement old(
        database,
        "SELECT id, spec, first_record, directory, folded_records, last_record FROM trials ORDER BY id");
    while (old.step()) {
      const int64_t id = old.integer(0);
      const std::string spec_json = old.text(1);
      const std::string first_record = old.text(2);
      const TrialSpec spec =
          trial_spec_from_json(spec_json, database.file().string() + ", trial " + std::to_string(id));
      Sha256 identity;
      identity.update(spec_json.data(), spec_json.size());
      identity.update(first_record.data(), first_record.size());
      Statement(
          database,
          "INSERT INTO trials_2 (id, entry_id, study, trial, seed, evaluation_count, last_step, milestones) "
          "VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, x'')")
          .bind(id, find_or_add_entry(database, spec), spec.study, spec.trial, std::to_string(spec.seed))
          .run();
      Statement(
          database,
          "INSERT INTO trial_sources (trial_id, identity, directory, spec, folded_records, last_record) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
          .bind(id, identity.finish(), old.text(3), spec_json, old.integer(4), old.text(5))
          .run();
      ids.push_back(id);
    }
  }
  database.execute(kExchangeTables);
  for (const int64_t id : ids) renew_trial_summary(database, id);
}

}  // namespace timetrial
