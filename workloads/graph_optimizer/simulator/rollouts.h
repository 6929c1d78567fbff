#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {

// Simulates many plans of one graph on several threads. Result i is that of plan i, and the same for any
// number of threads. An object is used by one thread at a time; threads live during a call only and are
// marked as the harness's.
class Rollouts {
 public:
  // `flow` must outlive it. Throws std::logic_error for no threads, and what Simulator throws.
  Rollouts(const Dataflow& flow, const Machine& machine, size_t threads);

  // Throws what Simulator::run throws, for the first plan it throws for, after all threads have ended.
  std::vector<SimulationResult> run(std::span<const Plan> plans);

 private:
  std::vector<std::unique_ptr<Simulator>> simulators_;  // one a thread
};

}  // namespace timetrial
