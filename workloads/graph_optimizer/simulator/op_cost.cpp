#include "workloads/graph_optimizer/simulator/op_cost.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace timetrial {
namespace {

using Wide = unsigned __int128;

Wide time_at_rate(int64_t amount, int64_t per_second) {
  return (static_cast<Wide>(amount) * static_cast<Wide>(kTicksPerSecond) + static_cast<Wide>(per_second) -
          1) /
         static_cast<Wide>(per_second);
}

int64_t ticks(Wide time) {
  if (time > static_cast<Wide>(std::numeric_limits<int64_t>::max()))
    throw std::logic_error("a simulated kernel or transfer takes longer than int64 picoseconds can say");
  return static_cast<int64_t>(time);
}

}  // namespace

int64_t kernel_ps(const Machine& machine, const KernelCost& cost) {
  const Wide arithmetic = time_at_rate(cost.flops, machine.peak_flops);
  const Wide movement = time_at_rate(cost.bytes, machine.memory_bandwidth);
  const Wide shorter = std::min(arithmetic, movement);
  return ticks(static_cast<Wide>(machine.launch_ps) + std::max(arithmetic, movement) + (shorter + 19) / 20);
}

int64_t transfer_ps(const Machine& machine, int64_t bytes) {
  return ticks(static_cast<Wide>(machine.link_latency_ps) + time_at_rate(bytes, machine.link_bandwidth));
}

}  // namespace timetrial
