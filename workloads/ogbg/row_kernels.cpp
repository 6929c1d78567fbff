#include "workloads/ogbg/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace timetrial {
namespace {

template <typename Real>
struct RowParts {
  RowParts(const GatheredRows<Real>& rows, int64_t i)
      : own(rows.own + i * rows.width),
        first(rows.first + rows.first_index[i] * rows.width),
        second(rows.second + rows.second_index[i] * rows.width) {}
  Real operator[](int64_t j) const { return own[j] + first[j] + second[j]; }

  const Real* __restrict own;
  const Real* __restrict first;
  const Real* __restrict second;
};

}  // namespace

template <typename Real>
void normalise_rows(const GatheredRows<Real>& rows, int64_t begin, int64_t end, const Real* __restrict scale,
                    const Real* __restrict shift, Real epsilon, bool relu, Real* all_out, Real* mean,
                    Real* inverse_deviation) {
  const int64_t width = rows.width;
  const Real share = Real(1) / static_cast<Real>(width);
  for (int64_t i = begin; i < end; ++i) {
    const RowParts<Real> row(rows, i);
    Real* __restrict out = all_out + i * width;
    Real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < width; ++j) sum += out[j] = row[j];
    const Real centre = sum * share;
    Real squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t j = 0; j < width; ++j) squares += (out[j] - centre) * (out[j] - centre);
    const Real factor = 1 / std::sqrt(squares * share + epsilon);
    if (relu) {
#pragma omp simd
      for (int64_t j = 0; j < width; ++j) {
        const Real value = (out[j] - centre) * factor * scale[j] + shift[j];
        out[j] = value < 0 ? Real(0) : value;  // lets NaN through
      }
    } else {
#pragma omp simd
      for (int64_t j = 0; j < width; ++j) out[j] = (out[j] - centre) * factor * scale[j] + shift[j];
    }
    mean[i] = centre;
    inverse_deviation[i] = factor;
  }
}

template <typename Real>
void normalise_rows_backward(const GatheredRows<Real>& rows, int64_t begin, int64_t end,
                             const Real* __restrict scale, const Real* __restrict shift, bool relu,
                             const Real* mean, const Real* inverse_deviation, const Real* all_out_gradients,
                             Real* row_gradients, Real* __restrict scale_gradient,
                             Real* __restrict shift_gradient) {
  const int64_t width = rows.width;
  const Real share = Real(1) / static_cast<Real>(width);
  std::vector<Real> normal_storage(static_cast<size_t>(width));
  Real* __restrict normal = normal_storage.data();
  for (int64_t i = begin; i < end; ++i) {
    const RowParts<Real> row(rows, i);
    const Real* __restrict out_gradient = all_out_gradients + i * width;
    Real* __restrict gradient = row_gradients + i * width;
    const Real centre = mean[i];
    const Real factor = inverse_deviation[i];
    Real sum = 0;
    Real product = 0;
#pragma omp simd reduction(+ : sum, product)
    for (int64_t j = 0; j < width; ++j) {
      normal[j] = (row[j] - centre) * factor;
      const bool cut = relu && !(normal[j] * scale[j] + shift[j] > 0);
      const Real incoming = cut ? Real(0) : out_gradient[j];
      scale_gradient[j] += incoming * normal[j];
      shift_gradient[j] += incoming;
      gradient[j] = incoming * scale[j];
      sum += gradient[j];
      product += gradient[j] * normal[j];
    }
    sum *= share;
    product *= share;
#pragma omp simd
    for (int64_t j = 0; j < width; ++j) gradient[j] = factor * (gradient[j] - sum - normal[j] * product);
  }
}

template void normalise_rows(const GatheredRows<float>&, int64_t, int64_t, const float*, const float*, float,
                             bool, float*, float*, float*);
template void normalise_rows(const GatheredRows<double>&, int64_t, int64_t, const double*, const double*,
                             double, bool, double*, double*, double*);
template void normalise_rows_backward(const GatheredRows<float>&, int64_t, int64_t, const float*,
                                      const float*, bool, const float*, const float*, const float*, float*,
                                      float*, float*);
template void normalise_rows_backward(const GatheredRows<double>&, int64_t, int64_t, const double*,
                                      const double*, bool, const double*, const double*, const double*,
                                      double*, double*, double*);

}  // namespace timetrial
