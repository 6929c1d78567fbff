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
#include "harness/journal/lease_file.h"
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

// Where the records of a trial go.
class JournalSink {
 public:
  virtual ~JournalSink() = default;
  virtual void append(const JournalRecord& record) = 0;
  // To be called before anything else is written to the trial directory. Throws TrialHeld when the trial has
  // been taken over.
  virtual void require_lease() const = 0;
};

// Keeps nothing: of several ranks only the first writes the journal.
class NoJournal final : public JournalSink {
 public:
  void append(const JournalRecord& /*record*/) override {}
  void require_lease() const override {}
};

// Holds the trial, so that it never has two writers: by its lease (lease.h), whatever machines share the
// folder, and on this machine by an flock on trial.lock, which the kernel releases the moment a process dies.
// Thread-safe. Whoever keeps it for longer than a moment renews the lease.
class JournalWriter final : public JournalSink {
 public:
  // Throws TrialHeld when another process holds the trial, UserError when the directory cannot be written. A
  // process that has lost the trial to us is given the time to notice.
  explicit JournalWriter(const std::filesystem::path& trial_directory, const LeaseTimes& times = {});
  // Returns once the record is on disk (fsync). Throws TrialHeld when the trial has been taken over,
  // UserError when the record could not be written (full disk); the journal then still ends with the record
  // before.
  void append(const JournalRecord& record) override;
  void require_lease() const override;

  const Lease& lease() const { return *lease_; }

 private:
  std::filesystem::path path_;
  std::mutex mutex_;
  FileDescriptor lock_;
  std::optional<Lease> lease_;
  FileDescriptor file_;
  int64_t end_ = 0;  // bytes up to the end of the last whole record
};

// True while some process, here or on another machine, holds the trial. For people: clocks of machines may
// differ.
bool trial_is_held(const std::filesystem::path& trial_directory, const LeaseTimes& times = {});

}  // namespace timetrial
