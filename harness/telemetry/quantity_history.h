#pragma once

// What one quantity was over any length of time, in bounded memory. Pure.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/journal/measurements.h"

namespace timetrial {

class QuantityHistory {
 public:
  // `most_kept`: values that the median is taken of; even. When more come, every second one is dropped and
  // from then on only every second one is kept. Minimum and maximum are those of all.
  explicit QuantityHistory(std::size_t most_kept = 4096) : most_kept_(most_kept) {}

  void add(double value);
  bool empty() const { return seen_ == 0; }
  QuantityRange range() const;  // not of an empty one

 private:
  std::size_t most_kept_;
  int64_t seen_ = 0;
  int64_t stride_ = 1;
  double minimum_ = 0;
  double maximum_ = 0;
  std::vector<double> kept_;
};

}  // namespace timetrial
