#pragma once

// Brings a result file to the schema this program knows.

#include <cstdint>
#include <string>
#include <vector>

#include "results/sqlite.h"

namespace timetrial {

// `sql` turns version `to_version` - 1 into `to_version`; version 0 is an empty file.
struct Migration {
  int64_t to_version = 0;
  std::string sql;
};

// All steps, in order; the first one creates the tables (schema.sql).
const std::vector<Migration>& migrations();

// Applies what is missing, all in one transaction. Throws UserError for a file of a newer version, or one
// that another program made.
void migrate(Database& database, const std::vector<Migration>& steps);

// The same checks for a file that is only read: it must be at the newest version.
void require_current(Database& database, const std::vector<Migration>& steps);

}  // namespace timetrial
