#pragma once

// Thin RAII over SQLite's C functions: a connection, a prepared statement, a transaction. One thread at a
// time per connection. Every failure becomes a UserError that names the file and the cure (sqlite_error.h).

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

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

  void execute(const std::string& sql);  // one or more statements without results
  int64_t last_insert_id() const;
  int64_t query_integer(const std::string& sql);  // first column of the first row

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

class Statement {
 public:
  Statement(Database& database, std::string_view sql);

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
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  void reset();
  void bind_one(int index, int64_t value);
  void bind_one(int index, double value);
  void bind_one(int index, std::string_view value);
  void check_bound(int result);

  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Begins in the constructor, rolls back in the destructor unless committed.
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
  bool open_ = true;
};

}  // namespace timetrial
