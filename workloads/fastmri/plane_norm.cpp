#include "workloads/fastmri/plane_norm.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace timetrial {
namespace {

constexpr int64_t kLanes = 16;    // sums side by side: vector instructions without reordering any
constexpr int64_t kBlock = 1024;  // values summed in T before they go into a double

// Sum over [0, pixels) of value(i).
template <typename T, typename Value>
double sum_of(int64_t pixels, Value&& value) {
  double total = 0;
  for (int64_t begin = 0; begin < pixels; begin += kBlock) {
    const int64_t end = std::min(begin + kBlock, pixels);
    std::array<T, kLanes> lanes{};
    int64_t i = begin;
    for (; i + kLanes <= end; i += kLanes) {
      for (int64_t lane = 0; lane < kLanes; ++lane) lanes[static_cast<size_t>(lane)] += value(i + lane);
    }
    for (; i < end; ++i) lanes[0] += value(i);
    for (const T lane : lanes) total += static_cast<double>(lane);
  }
  return total;
}

template <typename T>
T slope_at(T result) {
  return result > 0 ? T(1) : static_cast<T>(kLeakySlope);
}

// What the activation made `result` of.
template <typename T>
T normalised(T result) {
  return result > 0 ? result : result * static_cast<T>(1 / kLeakySlope);
}

}  // namespace

template <typename T>
T normalise_plane(const T* in, T* out, int64_t pixels) {
  const auto count = static_cast<double>(pixels);
  const auto mean = static_cast<T>(sum_of<T>(pixels, [in](int64_t i) { return in[i]; }) / count);
  const double squares = sum_of<T>(pixels, [in, mean](int64_t i) { return (in[i] - mean) * (in[i] - mean); });
  const auto rstd = static_cast<T>(1 / std::sqrt(squares / count + kInstanceNormEpsilon));
  for (int64_t i = 0; i < pixels; ++i) {
    const T value = (in[i] - mean) * rstd;
    out[i] = value * slope_at(value);
  }
  return rstd;
}

template <typename T>
void normalise_plane_backward(const T* out, T rstd, const T* out_gradient, T* in_gradient, int64_t pixels) {
  const auto count = static_cast<double>(pixels);
  const auto inner = [out, out_gradient](int64_t i) { return out_gradient[i] * slope_at(out[i]); };
  const auto mean = static_cast<T>(sum_of<T>(pixels, inner) / count);
  const auto along =
      static_cast<T>(sum_of<T>(pixels, [&](int64_t i) { return inner(i) * normalised(out[i]); }) / count);
  for (int64_t i = 0; i < pixels; ++i) in_gradient[i] = rstd * (inner(i) - mean - normalised(out[i]) * along);
}

template float normalise_plane(const float*, float*, int64_t);
template double normalise_plane(const double*, double*, int64_t);
template void normalise_plane_backward(const float*, float, const float*, float*, int64_t);
template void normalise_plane_backward(const double*, double, const double*, double*, int64_t);

}  // namespace timetrial
