#pragma once

// The scalars of one step of an elementwise submission: one float64 array on the device of the parameters, so
// that what one kernel finds another can use without the host looking. Free of LibTorch.

#include <cmath>
#include <cstdint>

#include "timetrial/host_device.h"

namespace timetrial {

// Places in the array. The first two are the results of the gradient scan.
inline constexpr int kSquaredNorm = 0;     // of all gradients together
inline constexpr int kFoundNonFinite = 1;  // 1 if a gradient holds NaN or infinity, else 0
inline constexpr int kAppliedSteps = 2;    // updates made so far; void ones do not count
inline constexpr int kClipFactor = 3;      // multiplies every gradient
inline constexpr int kAlgorithmScalars =
    4;  // first of those that the algorithm computes, once for each group

// Groups of parameters that are treated alike. An algorithm without weight decay treats both groups alike.
inline constexpr int kDecayed = 0;
inline constexpr int kUndecayed = 1;
inline constexpr int kParameterGroups = 2;

// How many values the array holds.
template <typename Algorithm>
constexpr int scalars_of_step() {
  return kAlgorithmScalars + kParameterGroups * Algorithm::kScalars;
}

// Where those of a group begin.
template <typename Algorithm>
TIMETRIAL_HOST_DEVICE constexpr int first_scalar(int group) {
  return kAlgorithmScalars + group * Algorithm::kScalars;
}

// Keeps the clip factor finite for a gradient of zeros.
inline constexpr double kClipEpsilon = 1e-6;

// min(1, largest / (norm + 1e-6)); NaN for a NaN norm.
TIMETRIAL_HOST_DEVICE inline double clip_factor(double squared_norm, double largest) {
  const double factor = largest / (std::sqrt(squared_norm) + kClipEpsilon);
  return factor > 1 ? 1 : factor;
}

// An algorithm that wants a step with a non-finite gradient to change nothing declares
//   static constexpr bool kVoidsNonFiniteSteps = true;
// VoidsNonFiniteSteps<Algorithm> is the algorithm with that declaration.
template <typename Algorithm>
struct VoidsNonFiniteSteps : Algorithm {
  using Algorithm::Algorithm;
  static constexpr bool kVoidsNonFiniteSteps = true;
};

template <typename Algorithm>
TIMETRIAL_HOST_DEVICE constexpr bool voids_non_finite_steps() {
  if constexpr (requires { Algorithm::kVoidsNonFiniteSteps; }) {
    return Algorithm::kVoidsNonFiniteSteps;
  } else {
    return false;
  }
}

template <typename Algorithm>
TIMETRIAL_HOST_DEVICE bool is_void_step(const double* scalars) {
  return voids_non_finite_steps<Algorithm>() && scalars[kFoundNonFinite] != 0;
}

// Fills in what the update with number kAppliedSteps (0-based) needs. grad_clip: largest global L2 norm of
// the gradient, 0 for no clipping; otherwise the results of the scan must be in place.
template <typename Algorithm>
TIMETRIAL_HOST_DEVICE void prepare_step(const Algorithm& algorithm, double grad_clip, double* scalars) {
  scalars[kClipFactor] = grad_clip > 0 ? clip_factor(scalars[kSquaredNorm], grad_clip) : 1.0;
  const auto step = static_cast<int64_t>(scalars[kAppliedSteps]);
  algorithm.scalars(step, scalars + first_scalar<Algorithm>(kDecayed));
  Algorithm undecayed = algorithm;
  if constexpr (requires { undecayed.weight_decay; }) undecayed.weight_decay = 0;
  undecayed.scalars(step, scalars + first_scalar<Algorithm>(kUndecayed));
}

template <typename Algorithm>
TIMETRIAL_HOST_DEVICE void count_step(double* scalars) {
  if (!is_void_step<Algorithm>(scalars)) scalars[kAppliedSteps] += 1;
}

}  // namespace timetrial
