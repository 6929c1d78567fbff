#pragma once

// The lease of one trial, taken, kept and given back. lease.h says how it lies on disk.

#include <filesystem>
#include <optional>
#include <string>

#include "harness/errors/user_error.h"
#include "harness/journal/lease.h"

namespace timetrial {

// Another process holds the trial: it did so before, or it has taken it over from us. Not a failure of the
// trial: that other process goes on with it.
class TrialHeld : public UserError {
 public:
  using UserError::UserError;
};

// The newest lease, as a process of `now` (seconds since 1970) sees it. One whose files cannot be read is as
// one that nobody has ever held.
LeaseView look_at_lease(const std::filesystem::path& trial_directory, double now_unix_seconds);

class Lease {
 public:
  // Throws TrialHeld, naming the owner, when the trial may not be taken, UserError when the folder cannot be
  // written. `life_here`: of the process on this machine that holds the trial or is about to, where a lock
  // tells; it counts unless the owner is on another machine.
  Lease(const std::filesystem::path& trial_directory, const LeaseOwner& me, const LeaseTimes& times,
        std::optional<OwnerLife> life_here = std::nullopt);
  ~Lease();  // gives it back, if it is still ours
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  // False once another process has taken it. Throws UserError when the file server does not tell. Any thread.
  bool is_ours() const;
  // A sign of life; false as is_ours(). A file server that does not answer now is asked again the next time.
  bool renew() const;
  // TrialHeld in words, for a lease that is not ours any more.
  TrialHeld loss() const;

  const LeaseTimes& times() const { return times_; }
  LeaseDecision decision() const { return decision_; }                     // why it could be taken
  const std::optional<LeaseOwner>& previous() const { return previous_; }  // from whom, if anybody

 private:
  bool try_to_take(const LeaseOwner& me, std::optional<OwnerLife> life_here);
  std::filesystem::path file(int64_t number) const;

  std::filesystem::path directory_;
  LeaseTimes times_;
  int64_t number_ = 0;
  LeaseDecision decision_ = LeaseDecision::free;
  std::optional<LeaseOwner> previous_;
};

}  // namespace timetrial
