#pragma once

// How long a kernel and a transfer take, in whole picoseconds, every quotient rounded up. Pure.

#include <cstdint>

#include "workloads/graph_optimizer/simulator/machine.h"

namespace timetrial {

// What a kernel does: arithmetic, and bytes it moves from and to its device's memory.
struct KernelCost {
  int64_t flops = 0;
  int64_t bytes = 0;
};

// Roofline with 95 % overlap: launch + max(F / peak, B / bandwidth) + min(of the same) / 20. Throws
// std::logic_error when that does not fit.
int64_t kernel_ps(const Machine& machine, const KernelCost& cost);

// From one device to another: latency + bytes / link.
int64_t transfer_ps(const Machine& machine, int64_t bytes);

}  // namespace timetrial
