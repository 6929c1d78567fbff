#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Fixed positions of a grid of image patches (Chen, Xie and He 2021): [rows * columns, width], row by row.
// The four quarters of the width are sin and cos of the column, then of the row, times frequencies falling
// from 1 to 1/10000. `width` is a multiple of 4. Computed in double and rounded once.
at::Tensor grid_positions(int64_t rows, int64_t columns, int64_t width, const at::TensorOptions& options);

}  // namespace timetrial
