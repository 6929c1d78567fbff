#include "harness/distributed/rank_place.h"

#include <charconv>
#include <cstdlib>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

int64_t number_of(const Environment& environment, const std::string& name) {
  const std::string text = environment(name).value_or("");
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  throw UserError({"an environment variable that tells a process its rank is not a number", name, text,
                   "start all ranks with `timetrial run`, or with srun"});
}

// srun's own variables; the step's number of tasks, for a batch script has the job's.
std::optional<RankPlace> place_in_slurm(const Environment& environment) {
  if (!environment("SLURM_STEP_ID") || !environment("SLURM_STEP_NUM_TASKS")) return std::nullopt;
  RankPlace place;
  place.rank = number_of(environment, "SLURM_PROCID");
  place.ranks = number_of(environment, "SLURM_STEP_NUM_TASKS");
  place.local_rank = number_of(environment, "SLURM_LOCALID");
  place.launch = environment("SLURM_JOB_ID").value_or("") + "." + environment("SLURM_STEP_ID").value() + "." +
                 environment("SLURM_RESTART_COUNT").value_or("0");
  place.one_machine = environment("SLURM_STEP_NUM_NODES").value_or("1") == "1";
  return place;
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

RankPlace rank_place(int64_t wanted, const Environment& environment) {
  if (wanted == 1) return {};
  RankPlace place;
  if (environment(kRankVariable)) {
    place.rank = number_of(environment, kRankVariable);
    place.ranks = number_of(environment, kRanksVariable);
    place.local_rank = place.rank;
    place.launch = environment(kLaunchVariable).value_or("");
  } else if (const auto found = place_in_slurm(environment)) {
    place = *found;
  }
  if (place.ranks == wanted && place.rank < wanted) return place;
  throw UserError({"this trial has " + std::to_string(wanted) +
                       " ranks, and the process was started as one of " + std::to_string(place.ranks),
                   "", "", "start it with `timetrial run`, or with srun --ntasks=" + std::to_string(wanted)});
}

}  // namespace timetrial
