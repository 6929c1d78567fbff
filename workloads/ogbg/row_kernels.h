#pragma once

// Loops over rows of float or double, without LibTorch: their file is compiled for vector instructions. All
// matrices are dense and row-major. Each call works on a range of rows, so that ranges can run on several
// threads.

#include <cstdint>

namespace timetrial {

// Row i stands for own[i] + first[first_index[i]] + second[second_index[i]], never stored.
template <typename Real>
struct GatheredRows {
  const Real* own;
  const Real* first;
  const Real* second;
  const int64_t* first_index;
  const int64_t* second_index;
  int64_t width;
};

// Layer normalisation of row i, scaled and shifted, negative results set to 0 with `relu`: out, and the row's
// mean and 1 / deviation.
template <typename Real>
void normalise_rows(const GatheredRows<Real>& rows, int64_t begin, int64_t end, const Real* scale,
                    const Real* shift, Real epsilon, bool relu, Real* out, Real* mean,
                    Real* inverse_deviation);

// Its gradient: from that of `out` to that of the row itself (the same for all three of its parts), and sums
// over the rows for scale and shift, added to what is there.
template <typename Real>
void normalise_rows_backward(const GatheredRows<Real>& rows, int64_t begin, int64_t end, const Real* scale,
                             const Real* shift, bool relu, const Real* mean, const Real* inverse_deviation,
                             const Real* out_gradient, Real* row_gradient, Real* scale_gradient,
                             Real* shift_gradient);

}  // namespace timetrial
