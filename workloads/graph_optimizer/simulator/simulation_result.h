#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace timetrial {

struct SimulationResult {
  int64_t makespan_ps = 0;          // when the last kernel ends
  std::vector<int64_t> busy_ps;     // of every device: sum of its kernels' durations
  std::vector<int64_t> sending_ps;  // of every device: sum of the durations of transfers that it sends
  std::vector<int64_t> peak_bytes;  // of every device
  int64_t excess_bytes = 0;         // what peaks are above the memory of a device, all devices together
  int64_t transferred_bytes = 0;    // over all links
  uint32_t kernels = 0;             // launched
  uint32_t transfers = 0;

  // A plan that needs more memory than there is cannot be run; its other numbers say how it would fare with
  // enough.
  bool valid() const { return excess_bytes == 0; }
  bool operator==(const SimulationResult&) const = default;
};

// How plans are compared, less is better: one that fits before one that does not, then the smaller excess,
// then the shorter time.
struct Merit {
  int64_t excess_bytes = 0;
  int64_t makespan_ps = 0;

  auto operator<=>(const Merit&) const = default;
};
inline Merit merit(const SimulationResult& result) {
  return {result.excess_bytes, result.makespan_ps};
}

}  // namespace timetrial
