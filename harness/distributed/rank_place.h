#pragma once

// Which rank of its trial a process is, as whoever started it says: `timetrial`, or srun.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace timetrial {

struct RankPlace {
  int64_t rank = 0;
  int64_t ranks = 1;
  int64_t local_rank = 0;  // among those on this machine: which of its GPUs is this one's
  std::string launch;      // names this start of all ranks, so that they do not meet those of an earlier one
  bool one_machine = true;
};

// The variables by which a launcher tells a process its place; TIMETRIAL_RANKS and so on.
inline constexpr const char* kRankVariable = "TIMETRIAL_RANK";
inline constexpr const char* kRanksVariable = "TIMETRIAL_RANKS";
inline constexpr const char* kLaunchVariable = "TIMETRIAL_LAUNCH";

using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

// Pure. `wanted`: ranks of the trial. One that has a single rank needs nothing of the environment. Throws
// UserError where the process was not started as one of that many.
RankPlace rank_place(int64_t wanted, const Environment& environment);

}  // namespace timetrial
