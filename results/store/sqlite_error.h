#pragma once

// Turns SQLite's result codes into messages a person can act on.

#include <filesystem>

struct sqlite3;

namespace timetrial {

// Always throws: UserError for what a person can cure (no space, read-only, locked, no database …),
// std::logic_error for a mistake of ours in SQL. `handle` may be null.
[[noreturn]] void throw_sqlite_error(sqlite3* handle, int result, const std::filesystem::path& file);

}  // namespace timetrial
