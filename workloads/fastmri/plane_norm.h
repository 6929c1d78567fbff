#pragma once

// Normalisation of one plane (the pixels of one channel of one example) and leaky ReLU, in one pass over
// memory each way. Without LibTorch, so that it can be compiled for speed. T: float or double.

#include <cstdint>

namespace timetrial {

inline constexpr double kInstanceNormEpsilon = 1e-5;
inline constexpr double kLeakySlope = 0.2;

// out = leaky_relu((in - mean) * rstd) with rstd = 1 / sqrt(biased variance + epsilon), which is returned.
template <typename T>
T normalise_plane(const T* in, T* out, int64_t pixels);

// The gradient of normalise_plane's input, from its result `out`, its return value and the result's gradient.
// The normalised values are read off the result, whose slope is nowhere 0.
template <typename T>
void normalise_plane_backward(const T* out, T rstd, const T* out_gradient, T* in_gradient, int64_t pixels);

}  // namespace timetrial
