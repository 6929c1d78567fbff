#include "workloads/graph_optimizer/simulator/rollouts.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <stdexcept>
#include <thread>

#include "harness/threads/harness_thread.h"

namespace timetrial {

Rollouts::Rollouts(const Dataflow& flow, const Machine& machine, size_t threads) {
  if (threads == 0) throw std::logic_error("rollouts need at least one thread");
  for (size_t i = 0; i < threads; ++i) simulators_.push_back(std::make_unique<Simulator>(flow, machine));
}

std::vector<SimulationResult> Rollouts::run(std::span<const Plan> plans) {
  std::vector<SimulationResult> results(plans.size());
  std::vector<std::exception_ptr> failures(plans.size());
  std::atomic<size_t> next = 0;
  const auto work = [&](Simulator& simulator) {
    for (size_t i = next++; i < plans.size(); i = next++) {
      try {
        results[i] = simulator.run(plans[i]);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;  // joined at the end of the block
    const size_t threads = std::min(simulators_.size(), plans.size());
    for (size_t i = 1; i < threads; ++i)
      others.emplace_back([&work, &simulator = *simulators_[i]] {
        const HarnessThread mark;
        work(simulator);
      });
    work(*simulators_.front());
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  return results;
}

}  // namespace timetrial
