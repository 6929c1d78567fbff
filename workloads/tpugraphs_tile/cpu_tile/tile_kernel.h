#pragma once

// A kernel of the tile collection: what it computes as a graph, the tile sizes it can run with, and the run.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "workloads/computation_graph/computation_graph.h"
#include "workloads/computation_graph/tile_configuration.h"

namespace timetrial {

// Of one thread. Inputs are made up from the shapes and stay as they are; every configuration gives the same
// output but for the order of sums.
struct TileKernel {
  std::string name;  // operation and sizes: "matrix_multiply_128_128_256"
  ComputationGraph graph;
  std::vector<TileConfiguration> configurations;  // the first is the default, which times are divided by
  std::function<void(const TileConfiguration&)> run;
  std::function<std::span<const float>()> output;  // of the last run
};

// All sizes in elements; loop_nests.h says which dimensions have tiles.
TileKernel matrix_multiply_kernel(int64_t m, int64_t n, int64_t k);
TileKernel convolution_kernel(int64_t height, int64_t width, int64_t inputs, int64_t outputs);
TileKernel depthwise_convolution_kernel(int64_t height, int64_t width, int64_t channels);
TileKernel normalisation_kernel(int64_t rows, int64_t columns);
TileKernel row_sum_kernel(int64_t rows, int64_t columns);
TileKernel transpose_add_kernel(int64_t rows, int64_t columns);

}  // namespace timetrial
