#include "harness/journal/lease.h"

#include <nlohmann/json.hpp>

namespace timetrial {

LeaseDecision decide(const LeaseView& view, const LeaseOwner& me, OwnerLife life, const LeaseTimes& times) {
  const bool alive = life == OwnerLife::alive;
  if (view.number == 0 || view.given_back) return alive ? LeaseDecision::held : LeaseDecision::free;
  // A process that is seen to be alive may have been kept from renewing, by a busy file server for instance.
  const bool stale = !alive && view.age_seconds > times.stale_seconds;
  // Of a lease that cannot be read only its age is known: it may just be being written.
  if (!view.owner) return stale ? LeaseDecision::stale : LeaseDecision::held;
  if (life == OwnerLife::dead) return LeaseDecision::owner_dead;
  const bool same_job = !me.slurm_job.empty() && view.owner->slurm_job == me.slurm_job;
  if (same_job && me.slurm_restart > view.owner->slurm_restart) return LeaseDecision::superseded;
  return stale ? LeaseDecision::stale : LeaseDecision::held;
}

std::string lease_to_json(const LeaseOwner& owner) {
  const nlohmann::json object = {{"host", owner.host},
                                 {"boot_id", owner.boot_id},
                                 {"pid_namespace", owner.pid_namespace},
                                 {"pid", owner.pid},
                                 {"start_ticks", owner.start_ticks},
                                 {"slurm_job", owner.slurm_job},
                                 {"slurm_restart", owner.slurm_restart}};
  return object.dump() + "\n";
}

std::optional<LeaseOwner> lease_from_json(const std::string& text) {
  const auto object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  try {
    LeaseOwner owner;
    owner.host = object.at("host");
    owner.boot_id = object.at("boot_id");
    owner.pid_namespace = object.at("pid_namespace");
    owner.pid = object.at("pid");
    owner.start_ticks = object.at("start_ticks");
    owner.slurm_job = object.at("slurm_job");
    owner.slurm_restart = object.at("slurm_restart");
    return owner;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace timetrial
