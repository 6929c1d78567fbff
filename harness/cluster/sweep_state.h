#pragma once

// How far a sweep is that SLURM runs. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/cluster/slurm.h"

namespace timetrial {

struct SweepState {
  int64_t finished = 0;
  int64_t running = 0;
  int64_t queued = 0;
  int64_t restarted = 0;  // of the running and queued: SLURM has started or will start them again
  int64_t lost = 0;       // neither finished nor known to SLURM
  std::map<std::string, int64_t> reasons;  // why queued ones wait -> how many
};

// `finished`: by place in the plan. `tasks`: by place in the plan.
SweepState sweep_state(const std::vector<bool>& finished, const std::map<int64_t, QueuedTask>& tasks);

// "SLURM sweep 1a2b3c4d: 12 queued (Resources 12), 4 running, 2 of these started again, 30 finished\n"
std::string sweep_state_text(const std::string& id, const SweepState& state);

}  // namespace timetrial
