#pragma once

// Brings a result file to the schema this program knows.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "results/store/sqlite.h"

namespace timetrial {

// Turns version `to_version` - 1 into `to_version`: first `sql`, then `finish` for what SQL cannot say.
struct Migration {
  int64_t to_version = 0;
  std::string sql;
  std::function<void(Database&)> finish = {};
};

// The newest schema (schema.sql), which an empty file gets at once, and the steps that bring older files to
// it. Each step is for files of a released version and is never changed afterwards.
struct Schema {
  int64_t version = 0;
  std::string sql;
  std::vector<Migration> steps;
};

const Schema& newest_schema();

// Applies what is missing, all in one transaction. Throws UserError for a file of a newer version, or one
// that another program made.
void migrate(Database& database, const Schema& schema);

// The same checks for a file that is only read: it must be at the newest version.
void require_current(Database& database, const Schema& schema);

}  // namespace timetrial
