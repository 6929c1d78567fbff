#include "workloads/layers/segment_rows.h"

#include <algorithm>

namespace timetrial {

template <typename Real>
void sum_segments(const Real* rows, int64_t width, const int64_t* order, const int64_t* offsets,
                  int64_t begin, int64_t end, Real* sums) {
  for (int64_t s = begin; s < end; ++s) {
    Real* __restrict sum = sums + s * width;
    std::fill(sum, sum + width, Real(0));
    for (int64_t k = offsets[s]; k < offsets[s + 1]; ++k) {
      const Real* __restrict row = rows + (order == nullptr ? k : order[k]) * width;
#pragma omp simd
      for (int64_t j = 0; j < width; ++j) sum[j] += row[j];
    }
  }
}

template void sum_segments(const float*, int64_t, const int64_t*, const int64_t*, int64_t, int64_t, float*);
template void sum_segments(const double*, int64_t, const int64_t*, const int64_t*, int64_t, int64_t, double*);

}  // namespace timetrial
