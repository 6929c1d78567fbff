#include "workloads/layers/softmax_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace timetrial {
namespace {

inline double exponential(double x) {
  return std::exp(x);
}

// e^x for x <= 0 in float, good to two roundings, by operations that compilers turn into vector instructions:
// x = n ln 2 + r, a polynomial in r (Moshier's Cephes), times 2^n. Below the smallest normal number the
// result stays at about 1e-38. NaN gives NaN.
inline float exponential(float x) {
  constexpr float kLowest = -87.3F;
  constexpr float kLog2E = 1.44269504F;
  constexpr float kRounder = 12582912.0F;  // 1.5 * 2^23: a sum with it has the rounded number in its low bits
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  x = x < kLowest ? kLowest : x;
  const float shifted = x * kLog2E + kRounder;
  const float n = shifted - kRounder;
  const float r = (x - n * kLn2High) - n * kLn2Low;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  const float mantissa = p * r * r + r + 1.0F;
  const uint32_t power = (std::bit_cast<uint32_t>(shifted) << 23) + std::bit_cast<uint32_t>(1.0F);
  return mantissa * std::bit_cast<float>(power);
}

// The sums of a row are taken in float block by block, so that they are as good whatever the number of terms
// and however many of them the compiler adds at a time.
constexpr int64_t kBlock = 512;

// Of the one that begins at `first`, of `count` terms in all.
inline int64_t block_end(int64_t first, int64_t count) {
  return std::min(first + kBlock, count);
}

}  // namespace

template <typename Real>
void row_losses(const LogitRows<Real>& rows, int64_t begin, int64_t end, Real* losses, Real* log_sums) {
  const int64_t count = rows.vocabulary;
  for (int64_t row = begin; row < end; ++row) {
    const Real* logits = rows.logits + row * count;
    Real largest = -std::numeric_limits<Real>::infinity();
    double total = 0;
    for (int64_t first = 0; first < count; first += kBlock) {
      const int64_t last = block_end(first, count);
      Real of_block = 0;
#pragma omp simd reduction(max : largest) reduction(+ : of_block)
      for (int64_t i = first; i < last; ++i) {
        largest = std::max(largest, logits[i]);
        of_block += logits[i];
      }
      total += of_block;
    }
    double sum = 0;
    for (int64_t first = 0; first < count; first += kBlock) {
      const int64_t last = block_end(first, count);
      Real of_block = 0;
#pragma omp simd reduction(+ : of_block)
      for (int64_t i = first; i < last; ++i) of_block += exponential(logits[i] - largest);
      sum += of_block;
    }
    const Real log_sum = largest + static_cast<Real>(std::log(sum));
    const Real at_target = log_sum - logits[rows.targets[row]];
    const Real on_average = log_sum - static_cast<Real>(total / static_cast<double>(count));
    log_sums[row] = log_sum;
    losses[row] =
        rows.smoothing == 0 ? at_target : (1 - rows.smoothing) * at_target + rows.smoothing * on_average;
  }
}

template <typename Real>
void row_gradients(const LogitRows<Real>& rows, const Real* log_sums, const Real* loss_gradients,
                   int64_t begin, int64_t end, Real* gradients) {
  const int64_t count = rows.vocabulary;
  const Real everywhere = rows.smoothing / static_cast<Real>(count);
  for (int64_t row = begin; row < end; ++row) {
    const Real* logits = rows.logits + row * count;
    Real* out = gradients + row * count;
    const Real factor = loss_gradients[row];
    if (factor == 0) {
      std::fill_n(out, count, Real(0));
      continue;
    }
    const Real log_sum = log_sums[row];
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) out[i] = factor * (exponential(logits[i] - log_sum) - everywhere);
    out[rows.targets[row]] -= factor * (1 - rows.smoothing);
  }
}

template void row_losses(const LogitRows<float>&, int64_t, int64_t, float*, float*);
template void row_losses(const LogitRows<double>&, int64_t, int64_t, double*, double*);
template void row_gradients(const LogitRows<float>&, const float*, const float*, int64_t, int64_t, float*);
template void row_gradients(const LogitRows<double>&, const double*, const double*, int64_t, int64_t,
                            double*);

}  // namespace timetrial
