#pragma once

// Brings columns of features to [0, 1] by the least and the largest value of the training data, as TpuGraphs'
// baselines do (arXiv 2308.13490; data.py). A column of one value becomes 0.

#include <cstddef>
#include <span>
#include <vector>

namespace timetrial {

class ColumnScaling {
 public:
  explicit ColumnScaling(size_t columns) : least_(columns), largest_(columns) {}

  // Rows in row-major order. All of the training data comes before the first apply().
  void include(std::span<const float> rows);

  // In place. Other data than that of training may come to lie outside of [0, 1].
  void apply(std::span<float> rows) const;

 private:
  std::vector<float> least_;
  std::vector<float> largest_;
  bool any_ = false;
};

}  // namespace timetrial
