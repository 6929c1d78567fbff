#pragma once

// The kernels of a data set, ready for the model: features scaled by what the training kernels have.

#include <filesystem>
#include <vector>

#include "workloads/tpugraphs_tile/kernel_file.h"

namespace timetrial {

struct TileKernels {
  std::vector<MeasuredKernel> train;
  std::vector<MeasuredKernel> validation;  // empty where only training data is read
  std::vector<MeasuredKernel> test;        // likewise, and where the data set's times are withheld
};

enum class TileSplits { train, all };

// Below the data set lie train, valid and test, as in npz/tile/xla of the official archives. The test folder
// is read in the mini tier only: the official one has no times.
TileKernels read_tile_kernels(const std::filesystem::path& data_set, TileSplits splits, bool has_test);

}  // namespace timetrial
