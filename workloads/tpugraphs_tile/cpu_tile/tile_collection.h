#pragma once

// The kernels that cpu_tile consists of.

#include <functional>
#include <string>
#include <vector>

#include "workloads/tpugraphs_tile/cpu_tile/tile_kernel.h"

namespace timetrial {

struct CollectedKernel {
  std::string split;                 // "train", "valid" or "test"
  std::function<TileKernel()> make;  // takes the memory of its arrays
};

// 64 kernels of six operations in shapes of many forms, each of a tenth to a few tenths of a millisecond: 48
// to train on, and of every operation other shapes to validate and test on, 8 each. The order is fixed.
std::vector<CollectedKernel> tile_collection();

}  // namespace timetrial
