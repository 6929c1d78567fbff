#pragma once

// Who may write a trial that lies on a folder which many machines share.
//
// On disk: lease.<n>, n from 1; the highest number is the lease, one JSON object. To take it over is to make
// the next number, with a link, which exactly one of many succeeds in on any file system, NFS included; the
// file before is then removed. Whoever finds the own file gone has lost the trial. The owner touches its file
// every `renew_seconds`; ages are differences between times of the file server alone, so that clocks need not
// agree. A lease that was given back stays as a file without an owner: numbers never start again.
//
// What it cannot rule out: a process that stands still between looking at its lease and writing, for as long
// as another one needs to take over.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/journal/lease_owner.h"

namespace timetrial {

struct LeaseTimes {
  double renew_seconds = 5;
  double stale_seconds = 60;  // without a sign of life for so long, the owner counts as dead
};

// What a look at the folder found.
struct LeaseView {
  int64_t number = 0;               // 0: nobody has ever held it
  std::optional<LeaseOwner> owner;  // empty: given back, or not readable
  bool given_back = false;
  double age_seconds = 0;  // since its last sign of life
};

enum class LeaseDecision {
  free,        // never held, or given back
  owner_dead,  // its process is known to be gone
  superseded,  // SLURM has started the owner's job again, and we are that start: it counts the owner as dead
  stale,       // no sign of life for too long
  held,        // the owner may be alive
};

inline bool may_take(LeaseDecision decision) {
  return decision != LeaseDecision::held;
}

// May `me` take it? Pure. `life`: of the owner, where it is known; of whoever is about to take a lease that
// has none.
LeaseDecision decide(const LeaseView& view, const LeaseOwner& me, OwnerLife life, const LeaseTimes& times);

std::string lease_to_json(const LeaseOwner& owner);
std::optional<LeaseOwner> lease_from_json(const std::string& text);  // empty when torn or damaged

}  // namespace timetrial
