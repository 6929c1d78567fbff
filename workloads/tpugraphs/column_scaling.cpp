#include "workloads/tpugraphs/column_scaling.h"

#include <algorithm>

namespace timetrial {

void ColumnScaling::include(std::span<const float> rows) {
  const size_t columns = least_.size();
  for (size_t row = 0; row + columns <= rows.size(); row += columns) {
    for (size_t j = 0; j < columns; ++j) {
      const float value = rows[row + j];
      least_[j] = any_ ? std::min(least_[j], value) : value;
      largest_[j] = any_ ? std::max(largest_[j], value) : value;
    }
    any_ = true;
  }
}

void ColumnScaling::apply(std::span<float> rows) const {
  const size_t columns = least_.size();
  for (size_t row = 0; row + columns <= rows.size(); row += columns) {
    for (size_t j = 0; j < columns; ++j) {
      float& value = rows[row + j];
      value = largest_[j] > least_[j] ? (value - least_[j]) / (largest_[j] - least_[j]) : 0;
    }
  }
}

}  // namespace timetrial
