#pragma once

// The process that holds a trial, so that another one, on any machine, can tell who it is and whether it may
// still be alive.

#include <cstdint>
#include <string>

namespace timetrial {

struct LeaseOwner {
  std::string host;
  std::string boot_id;  // of the kernel's start: no two machines share one, nor two starts of one machine
  std::string pid_namespace;  // process ids mean the same only within it
  int64_t pid = 0;
  int64_t start_ticks = 0;    // when the process began: a process id may be given out again
  std::string slurm_job;      // "17_3", "" outside of SLURM
  int64_t slurm_restart = 0;  // how often SLURM has started that job again

  bool operator==(const LeaseOwner&) const = default;
};

// Asks /proc, and the environment that SLURM gives its jobs.
LeaseOwner this_process();

enum class OwnerLife { alive, dead, unknown };

// `here`: this_process() of whoever asks. Unknown on other machines and for processes that cannot be seen.
OwnerLife life_of(const LeaseOwner& owner, const LeaseOwner& here);

// "node7, process 4711 (SLURM job 17_3, start 2)"
std::string describe(const LeaseOwner& owner);

}  // namespace timetrial
