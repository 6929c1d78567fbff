#pragma once

// Which columns of a slice's k-space a scan four times as fast would have measured.

#include <cstdint>
#include <vector>

namespace timetrial {

// 1 for a column that is kept: all of the 8 % in the centre, and others with the probability that makes a
// quarter of all columns on average. A function of its arguments alone; `columns` >= 1.
std::vector<uint8_t> column_mask(int64_t columns, uint64_t seed);

// What the masks of a split are drawn from. The reference draws a training slice's mask once, from the
// trial's seed and the slice's place, and keeps it for all epochs; validation and test have one mask for each
// width.
struct MaskSeeds {
  uint64_t seed = 0;
  bool by_slice = false;

  uint64_t of(int64_t slice) const;
};

}  // namespace timetrial
