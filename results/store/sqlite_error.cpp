#include "results/store/sqlite_error.h"

#include <new>
#include <stdexcept>
#include <string>

#include <sqlite3.h>

#include "harness/errors/user_error.h"
#include "results/store/lock_holder.h"

namespace timetrial {

namespace {

// A full disk is SQLITE_FULL; a quota or a limit on file sizes shows as a failed write, whose cause SQLite's
// clean-up has overwritten by the time it is asked for.
bool is_likely_out_of_space(sqlite3* handle, int result) {
  if ((result & 0xff) == SQLITE_FULL) return true;
  const int detail = handle != nullptr ? sqlite3_extended_errcode(handle) : result;
  return detail == SQLITE_IOERR_WRITE || detail == SQLITE_IOERR_SHMSIZE || detail == SQLITE_IOERR_TRUNCATE;
}

[[noreturn]] void throw_busy(const std::filesystem::path& file, const std::string& detail) {
  const std::string holder = lock_holder(file);
  throw UserError({"the result file stayed locked by another program", file.string(),
                   holder.empty() ? detail : holder,
                   "wait until that program is done, or stop it, and try again"});
}

}  // namespace

void throw_sqlite_error(sqlite3* handle, int result, const std::filesystem::path& file) {
  const std::string detail = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(result);
  const std::string where = file.string();
  if (is_likely_out_of_space(handle, result)) {
    throw UserError(
        {"there is no space left to write results, or the disk fails; nothing of this step was stored", where,
         detail, "free some disk space or quota and run the command again: it adds what is missing"});
  }
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw_busy(file, detail);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw UserError({"the result file cannot be written", where, detail,
                       "make the file and its folder writable (chmod u+w), or name another file"});
    case SQLITE_CANTOPEN:
      throw UserError({"the result file cannot be opened", where, detail,
                       "check that the path exists and that you may read and write in its folder"});
    case SQLITE_NOTADB:
      throw UserError({"this is no timetrial result file", where, detail,
                       "name a file that timetrial made, or a new one"});
    case SQLITE_CORRUPT:
      throw UserError(
          {"the result file is damaged", where, detail,
           "move it away and fold the trial directories into a new file: nothing is lost with them"});
    case SQLITE_IOERR:
      throw UserError({"the result file could not be read or written", where, detail,
                       "check the disk; on a network file system keep the result file on a local disk"});
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    default:
      throw std::logic_error(where + ": SQLite says " + detail);
  }
}

}  // namespace timetrial
