#include "harness/journal/lease_file.h"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/journal/durable_file.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

namespace {

constexpr std::string_view kPrefix = "lease.";
constexpr std::string_view kGivenBack = "given back\n";
// Of so many processes that want one trial at the same moment, each round one gets it.
constexpr int kRounds = 1000;

std::vector<int64_t> numbers_in(const std::filesystem::path& directory) {
  std::vector<int64_t> numbers;
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(directory, unreadable)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    int64_t number = 0;
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data() + kPrefix.size(), end, number);
    if (error == std::errc() && rest == end && number > 0) numbers.push_back(number);
  }
  return numbers;
}

int64_t highest_in(const std::filesystem::path& directory) {
  int64_t highest = 0;
  for (const int64_t number : numbers_in(directory)) highest = std::max(highest, number);
  return highest;
}

double seconds_of(const timespec& time) {
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::string text_of(int descriptor) {
  char block[4096];
  const ssize_t count = ::pread(descriptor, block, sizeof(block), 0);
  return count > 0 ? std::string(block, static_cast<size_t>(count)) : "";
}

// Removed at the end, whatever happens.
class Partial {
 public:
  Partial(const std::filesystem::path& directory, const LeaseOwner& me) {
    static std::atomic<int> count{0};
    path_ = directory / (std::string(kPrefix) + me.host + "-" + std::to_string(me.pid) + "-" +
                         std::to_string(++count) + ".partial");
    descriptor_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!descriptor_.valid()) throw_file_error("the trial cannot be taken", path_, errno);
    if (write_all(descriptor_.get(), lease_to_json(me)) && ::fsync(descriptor_.get()) == 0) return;
    const int error = errno;
    ::unlink(path_.c_str());
    throw_file_error("the trial cannot be taken", path_, error);
  }
  ~Partial() { ::unlink(path_.c_str()); }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;

  // The file server's clock, a moment ago.
  double written_at() const {
    struct stat status {};
    return ::fstat(descriptor_.get(), &status) == 0 ? seconds_of(status.st_mtim) : 0;
  }

  // False when somebody else was first.
  bool link_to(const std::filesystem::path& file) const {
    if (::link(path_.c_str(), file.c_str()) == 0) return true;
    const int error = errno;
    // NFS may say so of a link whose answer was lost and that was asked for twice.
    struct stat status {};
    if (error == EEXIST && ::fstat(descriptor_.get(), &status) == 0 && status.st_nlink == 2) return true;
    if (error == EEXIST) return false;
    throw_file_error("the trial cannot be taken", file, error);
  }

 private:
  std::filesystem::path path_;
  FileDescriptor descriptor_;
};

std::string name_of(const LeaseView& view) {
  return view.owner ? describe(*view.owner) : std::string("a process that is just beginning");
}

TrialHeld held(const std::filesystem::path& directory, const LeaseView& view, const LeaseTimes& times) {
  std::ostringstream seconds;
  seconds.precision(3);
  seconds << view.age_seconds << " s ago; it counts as dead after " << times.stale_seconds << " s without";
  return TrialHeld({"this trial is being run by another process", directory.string(),
                    name_of(view) + ", last sign of life " + seconds.str(),
                    "wait until it ends, or stop it, then run the same command again"});
}

}  // namespace

LeaseView look_at_lease(const std::filesystem::path& trial_directory, double now_unix_seconds) {
  LeaseView view;
  // One that is taken over while we look is gone when it is opened, and the next one is there.
  for (int round = 0; round < kRounds; ++round) {
    view.number = highest_in(trial_directory);
    if (view.number == 0) return view;
    const std::filesystem::path file = trial_directory / (std::string(kPrefix) + std::to_string(view.number));
    const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!descriptor.valid() || ::fstat(descriptor.get(), &status) != 0) continue;
    const std::string text = text_of(descriptor.get());
    view.given_back = text == kGivenBack;
    view.owner = lease_from_json(text);
    view.age_seconds = now_unix_seconds - seconds_of(status.st_mtim);
    return view;
  }
  return view;
}

Lease::Lease(const std::filesystem::path& trial_directory, const LeaseOwner& me, const LeaseTimes& times,
             std::optional<OwnerLife> life_here)
    : directory_(trial_directory), times_(times) {
  for (int round = 0; round < kRounds; ++round) {
    if (try_to_take(me, life_here)) return;
  }
  throw TrialHeld({"this trial is wanted by too many processes at once", directory_.string(), "",
                   "run the same command again"});
}

bool Lease::try_to_take(const LeaseOwner& me, std::optional<OwnerLife> life_here) {
  const Partial partial(directory_, me);
  const LeaseView view = look_at_lease(directory_, partial.written_at());
  OwnerLife life = view.owner ? life_of(*view.owner, me) : OwnerLife::unknown;
  if (life_here && (!view.owner || view.owner->boot_id == me.boot_id)) life = *life_here;
  decision_ = decide(view, me, life, times_);
  if (!may_take(decision_)) throw held(directory_, view, times_);
  previous_ = view.owner;
  number_ = view.number + 1;
  if (!partial.link_to(file(number_))) return false;
  // Between our look and our link another process may have taken it, lost it, and a third one have it now.
  if (highest_in(directory_) != number_) {
    ::unlink(file(number_).c_str());
    return false;
  }
  for (const int64_t number : numbers_in(directory_)) {
    if (number < number_) ::unlink(file(number).c_str());
  }
  return true;
}

Lease::~Lease() {
  const FileDescriptor descriptor(::open(file(number_).c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
  // What is not written is found out by its age.
  if (descriptor.valid()) write_all(descriptor.get(), kGivenBack);
}

std::filesystem::path Lease::file(int64_t number) const {
  return directory_ / (std::string(kPrefix) + std::to_string(number));
}

bool Lease::is_ours() const {
  // Opened, because that asks the file server: what a directory holds, a client may remember for a minute.
  const FileDescriptor descriptor(::open(file(number_).c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.valid()) {
    if (errno == ENOENT || errno == ESTALE) return false;
    throw_file_error("it cannot be told whether the trial is still ours", file(number_), errno);
  }
  return ::access(file(number_ + 1).c_str(), F_OK) != 0;
}

bool Lease::renew() const {
  const FileDescriptor descriptor(::open(file(number_).c_str(), O_WRONLY | O_CLOEXEC));
  if (!descriptor.valid()) return errno != ENOENT && errno != ESTALE;
  if (::access(file(number_ + 1).c_str(), F_OK) == 0) return false;
  ::futimens(descriptor.get(), nullptr);
  return true;
}

TrialHeld Lease::loss() const {
  struct stat status {};
  const bool there = ::stat(directory_.c_str(), &status) == 0;
  const LeaseView view = look_at_lease(directory_, 0);
  return TrialHeld({"this trial was taken over, and nothing more is written to it from here",
                    directory_.string(), there ? name_of(view) : "the folder was removed",
                    "nothing: the other process goes on from the last checkpoint"});
}

}  // namespace timetrial
