#include "workloads/graph_optimizer/simulator/reward.h"

#include <cmath>

namespace timetrial {
namespace {

double ratio(int64_t part, int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double flat_reward(const SimulationResult& result, int64_t reference_ps) {
  return result.valid() ? -std::sqrt(ratio(result.makespan_ps, reference_ps)) : kInvalidReward;
}

double graded_cost(const SimulationResult& result, int64_t reference_ps, int64_t memory_bytes) {
  const double excess = result.valid() ? 0 : kExcessPrice * ratio(result.excess_bytes, memory_bytes);
  return ratio(result.makespan_ps, reference_ps) + excess;
}

double graded_reward(const SimulationResult& result, int64_t reference_ps, int64_t memory_bytes) {
  return -std::sqrt(graded_cost(result, reference_ps, memory_bytes));
}

}  // namespace timetrial
