#pragma once

// One journal record -> its row or rows (schema.sql).

#include <cstdint>
#include <string>

#include "harness/journal/record.h"
#include "results/store/sqlite.h"

namespace timetrial {

struct RecordPlace {
  int64_t trial_id = 0;
  int64_t ordinal = 0;        // place in the journal, from 0
  const std::string& metric;  // the one that has the target
};

// A StartRecord also marks the evaluations behind the step it resumes from as superseded.
void add_record_row(Database& database, const RecordPlace& place, const JournalRecord& record);

}  // namespace timetrial
