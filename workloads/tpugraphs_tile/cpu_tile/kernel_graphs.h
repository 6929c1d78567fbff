#pragma once

// The graphs of the kernels, as XLA would write them.

#include <cstdint>

#include "workloads/computation_graph/computation_graph.h"

namespace timetrial {

ComputationGraph matrix_multiply_graph(int64_t m, int64_t n, int64_t k);
ComputationGraph convolution_graph(int64_t height, int64_t width, int64_t inputs, int64_t outputs);
ComputationGraph depthwise_convolution_graph(int64_t height, int64_t width, int64_t channels);
ComputationGraph normalisation_graph(int64_t rows, int64_t columns);
ComputationGraph row_sum_graph(int64_t rows, int64_t columns);
ComputationGraph transpose_add_graph(int64_t rows, int64_t columns);

}  // namespace timetrial
