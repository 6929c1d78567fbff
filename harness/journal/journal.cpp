#include "harness/journal/journal.h"

#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "harness/journal/checksum.h"
#include "harness/journal/durable_file.h"
#include "harness/journal/unix_seconds.h"

namespace timetrial {

namespace {

constexpr size_t kChecksumDigits = 8;

std::string read_whole(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

bool line_is_sound(std::string_view line) {
  return line.size() > kChecksumDigits && line[kChecksumDigits] == ' ' &&
         line.substr(0, kChecksumDigits) == crc32_of(line.substr(kChecksumDigits + 1));
}

// Bytes up to the end of the last sound line; a torn tail lies behind it.
size_t sound_length(const std::string& text) {
  size_t length = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    if (end == std::string::npos) break;
    if (line_is_sound(std::string_view(text).substr(start, end - start))) length = end + 1;
    start = end + 1;
  }
  return length;
}

std::filesystem::path lock_path(const std::filesystem::path& trial_directory) {
  return trial_directory / "trial.lock";
}

enum class LockAttempt { ours, busy, not_supported };

LockAttempt try_lock(const FileDescriptor& file, int kind) {
  if (::flock(file.get(), kind | LOCK_NB) == 0) return LockAttempt::ours;
  return errno == EWOULDBLOCK ? LockAttempt::busy : LockAttempt::not_supported;
}

// A writer on this machine holds the lock for as long as it lives.
std::optional<OwnerLife> life_told_by(LockAttempt lock) {
  if (lock == LockAttempt::not_supported) return std::nullopt;
  return lock == LockAttempt::ours ? OwnerLife::dead : OwnerLife::alive;
}

// The lease is ours, but its last owner may still live and be about to notice.
void wait_for_loser(const Lease& lease, const FileDescriptor& lock_file, LockAttempt lock,
                    const std::filesystem::path& trial_directory) {
  using Clock = std::chrono::steady_clock;
  const bool was_here = lease.previous() && lease.previous()->boot_id == this_process().boot_id;
  if (lease.decision() != LeaseDecision::superseded && lock != LockAttempt::busy) return;
  const auto until = Clock::now() + std::chrono::duration<double>(2 * lease.times().renew_seconds);
  while (Clock::now() < until) {
    if (was_here && lock == LockAttempt::ours) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (lock == LockAttempt::busy) lock = try_lock(lock_file, LOCK_EX);
  }
  // A lock of a machine that died may stay with the file server for ever.
  if (!was_here || lock != LockAttempt::busy) return;
  throw TrialHeld({"the process that has lost this trial does not end", trial_directory.string(),
                   describe(*lease.previous()), "end it, then run the same command again"});
}

}  // namespace

std::filesystem::path journal_path(const std::filesystem::path& trial_directory) {
  return trial_directory / "journal.log";
}

JournalContents read_journal(const std::filesystem::path& trial_directory) {
  const std::filesystem::path file = journal_path(trial_directory);
  JournalContents contents;
  const std::string text = read_whole(file);
  const size_t sound = sound_length(text);
  int line_number = 1;
  for (size_t start = 0; start < sound; ++line_number) {
    const size_t end = text.find('\n', start);
    const std::string_view line = std::string_view(text).substr(start, end - start);
    start = end + 1;
    const std::string where = file.string() + ", line " + std::to_string(line_number);
    if (!line_is_sound(line)) {
      contents.problems.push_back(where + ": damaged (checksum differs), skipped");
      continue;
    }
    try {
      contents.records.push_back(record_from_json(std::string(line.substr(kChecksumDigits + 1))));
    } catch (const UserError& error) {
      contents.problems.push_back(where + ": " + error.what());
    }
  }
  if (sound < text.size()) {
    contents.problems.push_back(file.string() + ": the last " + std::to_string(text.size() - sound) +
                                " bytes are a record that was not completed, ignored");
  }
  return contents;
}

std::optional<OutcomeRecord> standing_outcome(const std::vector<JournalRecord>& records) {
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (const auto* outcome = std::get_if<OutcomeRecord>(&*record)) return *outcome;
    if (std::holds_alternative<StartRecord>(*record)) break;
  }
  return std::nullopt;
}

JournalWriter::JournalWriter(const std::filesystem::path& trial_directory, const LeaseTimes& times)
    : path_(journal_path(trial_directory)) {
  lock_ = FileDescriptor(::open(lock_path(trial_directory).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock_.valid()) throw_file_error("cannot be opened for writing", lock_path(trial_directory), errno);
  const LockAttempt lock = try_lock(lock_, LOCK_EX);
  lease_.emplace(trial_directory, this_process(), times, life_told_by(lock));
  wait_for_loser(*lease_, lock_, lock, trial_directory);
  file_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0644));
  if (!file_.valid()) throw_file_error("cannot be opened for writing", path_, errno);
  end_ = static_cast<int64_t>(sound_length(read_whole(path_)));
  if (::ftruncate(file_.get(), end_) != 0)
    throw_file_error("cannot be cut to its last whole record", path_, errno);
}

void JournalWriter::require_lease() const {
  if (!lease_->is_ours()) throw lease_->loss();
}

void JournalWriter::append(const JournalRecord& record) {
  const std::string text = record_to_json(record);
  const std::string line = crc32_of(text) + " " + text + "\n";
  const std::lock_guard<std::mutex> guard(mutex_);
  require_lease();
  if (!write_all(file_.get(), line) || ::fsync(file_.get()) != 0) {
    const int error_number = errno;
    if (::ftruncate(file_.get(), end_) != 0) {
      // Nothing better can be done; readers skip the torn record.
    }
    throw_file_error("a record cannot be written", path_, error_number);
  }
  end_ += static_cast<int64_t>(line.size());
}

bool trial_is_held(const std::filesystem::path& trial_directory, const LeaseTimes& times) {
  const FileDescriptor file(::open(lock_path(trial_directory).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return false;  // nobody has ever opened the journal
  const LockAttempt lock = try_lock(file, LOCK_SH);
  if (lock == LockAttempt::busy) return true;
  const double now = unix_seconds();
  const LeaseView view = look_at_lease(trial_directory, now);
  const LeaseOwner here = this_process();
  OwnerLife life = view.owner ? life_of(*view.owner, here) : OwnerLife::unknown;
  if (view.owner && view.owner->boot_id == here.boot_id) life = life_told_by(lock).value_or(life);
  return !may_take(decide(view, LeaseOwner{}, life, times));
}

}  // namespace timetrial
