#include "results/store/migrations.h"

#include "embedded/schema_files.h"
#include "harness/errors/user_error.h"
#include "results/store/migration_2.h"

namespace timetrial {

namespace {

constexpr int64_t kApplicationId = 0x54545249;  // as in schema.sql

int64_t version_of(Database& database) {
  return database.query_integer("PRAGMA user_version");
}

// Throws unless the file is empty or ours, and not newer than this program.
void require_readable(Database& database, const Schema& schema) {
  const std::string where = database.file().string();
  const bool empty = database.query_integer("SELECT count(*) FROM sqlite_master") == 0;
  const int64_t application = database.query_integer("PRAGMA application_id");
  if (application != kApplicationId && !(empty && application == 0)) {
    throw UserError({"this is an SQLite file of another program", where,
                     "application id " + std::to_string(application),
                     "name a file that timetrial made, or a new one"});
  }
  if (version_of(database) > schema.version) {
    throw UserError({"the result file was written by a newer timetrial", where,
                     "schema version " + std::to_string(version_of(database)) + ", this program knows " +
                         std::to_string(schema.version),
                     "use that newer timetrial, or another result file"});
  }
}

}  // namespace

const Schema& newest_schema() {
  static const Schema schema = {6,
                                std::string(schema_files("schema.sql")),
                                {{2, std::string(schema_files("migration_2.sql")), finish_migration_2},
                                 {3, std::string(schema_files("migration_3.sql")), nullptr},
                                 {4, std::string(schema_files("migration_4.sql")), nullptr},
                                 {5, std::string(schema_files("migration_5.sql")), nullptr},
                                 {6, std::string(schema_files("migration_6.sql")), nullptr}}};
  return schema;
}

void migrate(Database& database, const Schema& schema) {
  require_readable(database, schema);
  if (version_of(database) == schema.version) return;
  Transaction transaction(database, Transaction::Kind::write);
  // Another process may have migrated the file while this one waited for the lock.
  require_readable(database, schema);
  if (version_of(database) == 0) database.execute(schema.sql);
  for (const Migration& step : schema.steps) {
    if (version_of(database) == 0 || step.to_version <= version_of(database)) continue;
    database.execute(step.sql);
    if (step.finish) step.finish(database);
    database.execute("PRAGMA user_version = " + std::to_string(step.to_version));
  }
  database.execute("PRAGMA user_version = " + std::to_string(schema.version));
  transaction.commit();
}

void require_current(Database& database, const Schema& schema) {
  require_readable(database, schema);
  if (version_of(database) < schema.version) {
    throw UserError(
        {"the result file has an older layout and is opened for reading only", database.file().string(),
         "schema version " + std::to_string(version_of(database)),
         "make it writable and fold a trial into it (or open it once with any writing command): that "
         "brings it up to date"});
  }
}

}  // namespace timetrial
