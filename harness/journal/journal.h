#pragma once

// journal.log: the append-only history of a trial.
//
// Format: one record per line, `<crc32 of the JSON, 8 lower-case hex digits> <JSON>\n`. A record counts once
// its line is complete and its checksum right. A worker may die at any byte: a torn last line is cut when the
// journal is opened for writing and ignored when read. A damaged line elsewhere is skipped and reported; the
// rest counts.

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "harness/journal/file_descriptor.h"
#include "harness/journal/record.h"

namespace timetrial {

struct JournalContents {
  std::vector<JournalRecord> records;
  std::vector<std::string> problems;  // "journal.log, line 7: checksum differs", ready to print
};

std::filesystem::path journal_path(const std::filesystem::path& trial_directory);

// An absent journal is an empty one.
JournalContents read_journal(const std::filesystem::path& trial_directory);

// How the trial ended: the newest outcome, unless another attempt follows it.
std::optional<OutcomeRecord> standing_outcome(const std::vector<JournalRecord>& records);

// Takes the trial's lock (an flock on trial.lock, released by the kernel when the process dies), so that a
// trial never has two writers. Thread-safe.
class JournalWriter {
 public:
  // Throws UserError when another process holds the trial, or the directory cannot be written.
  explicit JournalWriter(const std::filesystem::path& trial_directory);
  // Returns once the record is on disk (fsync). Throws UserError when it could not be written (full disk);
  // the journal then still ends with the record before.
  void append(const JournalRecord& record);

 private:
  std::filesystem::path path_;
  std::mutex mutex_;
  FileDescriptor lock_;
  FileDescriptor file_;
  int64_t end_ = 0;  // bytes up to the end of the last whole record
};

// True while some process holds the trial's lock.
bool trial_is_locked(const std::filesystem::path& trial_directory);

}  // namespace timetrial
