#pragma once

// Sums of groups of rows of float or double, without LibTorch: the file is compiled for vector instructions.

#include <cstdint>

namespace timetrial {

// Matrices are dense and row-major. Each call works on a range of segments, so that ranges can run on several
// threads.
// sums[s] = sum of rows[order[k]] over k in [offsets[s], offsets[s + 1]) for s in [begin, end). `order` null:
// as they lie.
template <typename Real>
void sum_segments(const Real* rows, int64_t width, const int64_t* order, const int64_t* offsets,
                  int64_t begin, int64_t end, Real* sums);

}  // namespace timetrial
