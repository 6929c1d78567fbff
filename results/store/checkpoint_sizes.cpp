#include "results/store/checkpoint_sizes.h"

#include <algorithm>

namespace timetrial {

namespace {

// Checkpoints of one submission on one workload hardly differ: a look at some tells as much as one at a
// million.
int64_t largest_of_entry(Database& database, int64_t entry) {
  Statement row(database,
                "SELECT max(c.bytes) FROM (SELECT id FROM trials WHERE entry_id = ?1 LIMIT 100) t JOIN "
                "checkpoints c ON c.trial_id = t.id");
  return row.bind(entry).step() && !row.is_null(0) ? row.integer(0) : 0;
}

}  // namespace

int64_t largest_checkpoint(Database& database, const TrialSpec& spec) {
  int64_t own = 0;
  int64_t others = 0;
  Statement entries(database,
                    "SELECT e.id, s.name = ?4 FROM entries e JOIN submissions s ON s.id = e.submission_id "
                    "WHERE e.workload = ?1 AND e.variant = ?2 AND e.tier = ?3");
  entries.bind(spec.workload, spec.variant, spec.tier, spec.submission);
  while (entries.step()) {
    int64_t& largest = entries.integer(1) != 0 ? own : others;
    largest = std::max(largest, largest_of_entry(database, entries.integer(0)));
  }
  return own > 0 ? own : others;
}

}  // namespace timetrial
