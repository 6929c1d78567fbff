#include "workloads/graph_optimizer/simulator/baselines/lower_bound.h"

#include <vector>

namespace timetrial {

LowerBound lower_bound(const KernelGraph& kernels, const Machine& machine) {
  LowerBound bound;
  int64_t work = 0;
  std::vector<int64_t> earliest_start(kernels.size());
  for (uint32_t kernel = 0; kernel < kernels.size(); ++kernel) {
    const int64_t end = earliest_start[kernel] + kernels.duration_ps[kernel];
    work += kernels.duration_ps[kernel];
    bound.critical_path_ps = std::max(bound.critical_path_ps, end);
    for (const uint32_t consumer : kernels.consumers[kernels.root[kernel]])
      earliest_start[consumer] = std::max(earliest_start[consumer], end);
  }
  const int64_t devices = machine.devices;
  bound.shared_work_ps = (work + devices - 1) / devices;
  return bound;
}

}  // namespace timetrial
