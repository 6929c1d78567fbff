#include "results/scoring/milestones.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <type_traits>

namespace timetrial {

static_assert(std::endian::native == std::endian::little && sizeof(Milestone) == 32 &&
              std::is_trivially_copyable_v<Milestone>);

void MilestoneFinder::add(int64_t step, double seconds, double value) {
  const int64_t evaluation = evaluations_++;
  if (std::isnan(value)) return;
  if (!milestones_.empty()) {
    const double best = milestones_.back().value;
    if (goal_ == MetricGoal::minimize ? value >= best : value <= best) return;
  }
  milestones_.push_back({evaluation, step, seconds, value});
}

std::string pack_milestones(const std::vector<Milestone>& milestones) {
  std::string packed(milestones.size() * sizeof(Milestone), '\0');
  if (!milestones.empty()) std::memcpy(packed.data(), milestones.data(), packed.size());
  return packed;
}

std::optional<Milestone> first_to_reach(std::string_view packed, const MetricTarget& target,
                                        double budget_seconds) {
  if (packed.size() % sizeof(Milestone) != 0) throw std::invalid_argument("these bytes are no milestones");
  for (std::size_t place = 0; place < packed.size(); place += sizeof(Milestone)) {
    Milestone milestone;
    std::memcpy(&milestone, packed.data() + place, sizeof milestone);
    if (!target.reached(milestone.value, target.validation)) continue;
    if (milestone.seconds > budget_seconds) return std::nullopt;
    return milestone;
  }
  return std::nullopt;
}

}  // namespace timetrial
