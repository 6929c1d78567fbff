#pragma once

#include <cstdint>

#include "workloads/graph_optimizer/simulator/plan.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {

// What a fusion is judged by, before it is done.
enum class FusionGain {
  saved_bytes,  // bytes that the kernels concerned no longer move
  saved_time,   // time of these kernels apart minus time fused, as XLA's priority fusion
};

// The plan with another fusion: always the producer next whose fusion gains most (of equals the lowest id),
// as long as one gains more than nothing; gains are taken anew after every fusion. Levels are positions in
// that order.
Plan with_greedy_fusion(Plan plan, FusionGain gain, const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
