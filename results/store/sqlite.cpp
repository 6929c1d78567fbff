#include "results/store/sqlite.h"

#include <utility>

#include <sqlite3.h>

#include "results/store/sqlite_error.h"

namespace timetrial {

namespace {

// A file name as a URI: what URIs give a meaning to is escaped.
std::string immutable_uri(const std::filesystem::path& file) {
  std::string uri = "file:";
  for (const char letter : std::filesystem::absolute(file).string()) {
    switch (letter) {
      case '%':
        uri += "%25";
        break;
      case '?':
        uri += "%3f";
        break;
      case '#':
        uri += "%23";
        break;
      default:
        uri += letter;
    }
  }
  return uri + "?immutable=1";
}

sqlite3* open_handle(const std::string& name, int flags, const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  if (result == SQLITE_OK) return handle;
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> closer(handle, sqlite3_close_v2);
  throw_sqlite_error(handle, result, file);
}

// SQLite opens lazily; this touches the file.
int touch(sqlite3* handle) {
  return sqlite3_exec(handle, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
}

// The shared index that readers need too can neither be found nor made: a folder that cannot be written, or a
// full disk. Then nobody can be writing. On a full disk a log may have been left behind; without it the file
// is not whole.
bool has_no_room_for_index(int result, const std::filesystem::path& file) {
  const int primary = result & 0xff;
  if (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY) return true;
  if (result != SQLITE_IOERR_SHMSIZE && result != SQLITE_IOERR_SHMOPEN && primary != SQLITE_FULL)
    return false;
  std::error_code absent;
  const std::uintmax_t log_bytes = std::filesystem::file_size(file.string() + "-wal", absent);
  return absent || log_bytes == 0;
}

}  // namespace

Database::Database(const std::filesystem::path& file, OpenMode mode, std::chrono::milliseconds busy_timeout)
    : file_(file) {
  const int access =
      (mode == OpenMode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX;
  handle_.reset(open_handle(file.string(), access, file));
  sqlite3_extended_result_codes(handle(), 1);
  sqlite3_busy_timeout(handle(), static_cast<int>(busy_timeout.count()));
  int result = touch(handle());
  if (mode == OpenMode::read_only && has_no_room_for_index(result, file)) {  // take the file as it lies
    handle_.reset(open_handle(immutable_uri(file), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, file));
    sqlite3_extended_result_codes(handle(), 1);
    result = touch(handle());
  }
  if (result != SQLITE_OK) throw_sqlite_error(handle(), result, file_);
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void Database::execute(const std::string& sql) {
  const int result = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw_sqlite_error(handle(), result, file_);
}

int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle());
}

int64_t Database::query_integer(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

sqlite3_stmt* Database::take_statement(std::string_view sql) {
  const auto idle = idle_statements_.find(sql);
  if (idle != idle_statements_.end() && !idle->second.empty()) {
    sqlite3_stmt* statement = idle->second.back();
    idle->second.pop_back();
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) throw_sqlite_error(handle(), result, file());
  statements_.emplace_back(statement);
  return statement;
}

void Database::give_back(sqlite3_stmt* statement) {
  sqlite3_reset(statement);  // repeats the error of the step before, which was thrown already
  sqlite3_clear_bindings(statement);
  idle_statements_[sqlite3_sql(statement)].push_back(statement);
}

Statement::Statement(Database& database, std::string_view sql)
    : database_(database), statement_(database.take_statement(sql)) {}

Statement::~Statement() {
  database_.give_back(statement_);
}

bool Statement::step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw_sqlite_error(database_.handle(), result, database_.file());
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
  return is_null(column) ? __builtin_nan("") : sqlite3_column_double(statement_, column);
}

std::optional<double> Statement::optional_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional(sqlite3_column_double(statement_, column));
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr
             ? ""
             : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

// The result of sqlite3_reset repeats the error of the step before, which was thrown already.
void Statement::reset() {
  sqlite3_reset(statement_);
}

void Statement::bind_one(int index, int64_t value) {
  check_bound(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind_one(int index, double value) {
  check_bound(sqlite3_bind_double(statement_, index, value));
}

void Statement::bind_one(int index, std::string_view value) {
  check_bound(
      sqlite3_bind_text64(statement_, index, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_one(int index, Blob value) {
  const char* bytes = value.bytes.empty() ? "" : value.bytes.data();  // a null pointer would mean NULL
  check_bound(sqlite3_bind_blob64(statement_, index, bytes, value.bytes.size(), SQLITE_STATIC));
}

void Statement::bind_null(int index) {
  check_bound(sqlite3_bind_null(statement_, index));
}

void Statement::check_bound(int result) {
  if (result != SQLITE_OK) throw_sqlite_error(database_.handle(), result, database_.file());
}

Transaction::Transaction(Database& database, Kind kind)
    : database_(database), nested_(sqlite3_get_autocommit(database.handle()) == 0) {
  Statement(database_, nested_ ? "SAVEPOINT inner" : kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN").run();
}

Transaction::~Transaction() {
  if (!open_) return;
  // A failed rollback has nothing to add: SQLite rolls back by itself when the connection closes.
  sqlite3_exec(database_.handle(), nested_ ? "ROLLBACK TO inner; RELEASE inner" : "ROLLBACK", nullptr,
               nullptr, nullptr);
}

void Transaction::commit() {
  Statement(database_, nested_ ? "RELEASE inner" : "COMMIT").run();
  open_ = false;
}

}  // namespace timetrial
