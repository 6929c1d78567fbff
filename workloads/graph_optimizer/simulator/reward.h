#pragma once

// A result as a number that reinforcement learning can use. A workload takes one of the two and keeps to it:
// changing it makes another workload. The graded one learns better from plans that need too much memory,
// since it says by how much, so it is the one to take; the flat one is what is usual.

#include <cstdint>

#include "workloads/graph_optimizer/simulator/simulation_result.h"

namespace timetrial {

inline constexpr double kInvalidReward = -10;

// -sqrt(time / reference time), kInvalidReward for a plan that needs too much memory. The reference makes
// graphs of any size alike: the time of a baseline.
double flat_reward(const SimulationResult& result, int64_t reference_ps);

// time / reference time + kExcessPrice * excess / memory of a device, and minus its root. Placeto (arXiv
// 1906.08879) charges 2 seconds for every 10^9 bytes above 10.7 * 10^9, beside steps of about one second:
// some 20 steps for a memory too much.
inline constexpr double kExcessPrice = 20;
double graded_cost(const SimulationResult& result, int64_t reference_ps, int64_t memory_bytes);
double graded_reward(const SimulationResult& result, int64_t reference_ps, int64_t memory_bytes);

}  // namespace timetrial
