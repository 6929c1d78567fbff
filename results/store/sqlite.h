#pragma once

// Thin RAII over SQLite's C functions: a connection, a prepared statement, a transaction. One thread at a
// time per connection. Every failure becomes a UserError that names the file and the cure (sqlite_error.h).

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace timetrial {

enum class OpenMode { read_write_create, read_only };

class Database {
 public:
  // Read-only also opens a file on a medium that cannot be written at all, where SQLite's shared index cannot
  // be made.
  Database(const std::filesystem::path& file, OpenMode mode, std::chrono::milliseconds busy_timeout);

  const std::filesystem::path& file() const { return file_; }
  sqlite3* handle() const { return handle_.get(); }

  // A statement is prepared once and kept; see Statement.
  sqlite3_stmt* take_statement(std::string_view sql);
  void give_back(sqlite3_stmt* statement);

  void execute(const std::string& sql);  // one or more statements without results
  int64_t last_insert_id() const;
  int64_t query_integer(const std::string& sql);  // first column of the first row

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  // Of long statements the end tells enough.
  struct HashOfEnd {
    std::size_t operator()(std::string_view sql) const {
      return std::hash<std::string_view>()(sql.substr(sql.size() - std::min<std::size_t>(sql.size(), 32)));
    }
  };

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::vector<std::unique_ptr<sqlite3_stmt, Finalize>> statements_;  // all that were prepared
  // Those not in use, by their SQL, which is the statement's own copy.
  std::unordered_map<std::string_view, std::vector<sqlite3_stmt*>, HashOfEnd> idle_statements_;
};

// Bytes to bind as they are, without a copy: they must live until the statement has run.
struct Blob {
  std::string_view bytes;
};

// One use of a prepared statement. Preparing costs more than running a small one, so the connection keeps it
// for the next Statement of the same text. Must not outlive its database.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Binds the arguments to ?1, ?2 … and starts anew. NaN is stored as NULL.
  template <typename... Arguments>
  Statement& bind(const Arguments&... arguments) {
    reset();
    int index = 0;
    (bind_one(++index, arguments), ...);
    return *this;
  }

  bool step();  // true while there is a row
  void run();   // for statements without rows

  int64_t integer(int column) const;
  double real(int column) const;  // NULL reads as NaN
  std::optional<double> optional_real(int column) const;
  std::string text(int column) const;
  std::string_view blob(int column) const;  // valid until the next step
  bool is_null(int column) const;

 private:
  void reset();
  void bind_one(int index, int64_t value);
  void bind_one(int index, double value);
  void bind_one(int index, std::string_view value);
  void bind_one(int index, Blob value);
  template <typename Value>
  void bind_one(int index, const std::optional<Value>& value) {  // empty: NULL
    value ? bind_one(index, *value) : bind_null(index);
  }
  void bind_null(int index);
  void check_bound(int result);

  Database& database_;
  sqlite3_stmt* statement_;
};

// Begins in the constructor, rolls back in the destructor unless committed. Within another one it is a
// savepoint: it is whole or not at all as well, and lasts if the outer one does.
class Transaction {
 public:
  enum class Kind { read, write };  // write takes the file's write lock at once (BEGIN IMMEDIATE)

  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool nested_;
  bool open_ = true;
};

}  // namespace timetrial
