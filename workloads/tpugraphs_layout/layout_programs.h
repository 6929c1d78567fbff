#pragma once

// The programs of a data set, ready for the model: node features scaled by what the training programs have,
// and cut into segments where it trains on segments.

#include <filesystem>
#include <vector>

#include "workloads/tpugraphs_layout/layout_file.h"
#include "workloads/tpugraphs_layout/segmentation.h"

namespace timetrial {

struct LayoutPrograms {
  std::vector<MeasuredProgram> train;
  std::vector<MeasuredProgram> validation;  // empty where only training data is read
  std::vector<MeasuredProgram> test;        // likewise, and where the data set's times are withheld
};

enum class LayoutSplits { train, all };

// Below the data set lie train, valid and test, as in npz/layout/xla/random of the official archives. The
// test folder is read in the mini tier only: the official one has no times. Throws UserError as
// read_layout_file() and apply_metis_segments().
LayoutPrograms read_layout_programs(const std::filesystem::path& data_set, LayoutSplits splits, bool has_test,
                                    const Segmentation& segmentation = {});

}  // namespace timetrial
