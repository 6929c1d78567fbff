#include "harness/cluster/sweep_state.h"

#include <fmt/format.h>

namespace timetrial {

SweepState sweep_state(const std::vector<bool>& finished, const std::map<int64_t, QueuedTask>& tasks) {
  SweepState state;
  for (size_t place = 0; place < finished.size(); ++place) {
    if (finished[place]) {
      ++state.finished;
      continue;
    }
    const auto task = tasks.find(static_cast<int64_t>(place));
    if (task == tasks.end()) {
      ++state.lost;
      continue;
    }
    if (task->second.restarts > 0) ++state.restarted;
    if (task->second.state == "PENDING") {
      ++state.queued;
      ++state.reasons[task->second.reason];
    } else {
      ++state.running;
    }
  }
  return state;
}

std::string sweep_state_text(const std::string& id, const SweepState& state) {
  std::string reasons;
  for (const auto& [reason, count] : state.reasons)
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", reason, count);
  std::string text = fmt::format("SLURM sweep {}: {} queued", id, state.queued);
  if (!reasons.empty()) text += " (" + reasons + ")";
  text += fmt::format(", {} running", state.running);
  if (state.restarted > 0) text += fmt::format(", {} of these started again", state.restarted);
  text += fmt::format(", {} finished", state.finished);
  if (state.lost > 0)
    text += fmt::format(", {} neither: timetrial sweep --resume {} submits them", state.lost, id);
  return text + "\n";
}

}  // namespace timetrial
