#pragma once

#include "results/store/sqlite.h"

namespace timetrial {

// After migration_2.sql: moves the trials to their new tables and fills in what is derived. Uses the code
// that writes version 2; when that changes, this step gets a copy of what it needs.
void finish_migration_2(Database& database);

}  // namespace timetrial
