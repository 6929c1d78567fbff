#pragma once

// The loops of an elementwise pass on the CPU: a rule (elementwise_rule.h) over streams of numbers. Free of
// LibTorch.

#include <cstdint>

#include "timetrial/elementwise_rule.h"

namespace timetrial {

namespace elementwise {

// Reads this far ahead by hand: closes the last tenth to the speed of a plain pass over the same memory.
inline constexpr std::uintptr_t kPrefetchBytes = 1024;
inline constexpr int64_t kLineBytes = 64;
inline constexpr int64_t kLinesPerBlock = 4;

// Never faults, so it may run past the end of a tensor.
template <typename Real>
inline void prefetch_ahead(const Real* position) {
  const auto address = reinterpret_cast<std::uintptr_t>(position) + kPrefetchBytes;
  __builtin_prefetch(reinterpret_cast<const void*>(address));
}

// Runs the rule over `count` elements of streams that do not overlap. The rule comes by value: its scalars
// then stay in registers, as no store to a stream can change them.
template <typename Rule, typename Real, typename... States>
void run_rule(const Rule rule, int64_t count, Real* __restrict parameter, const Real* __restrict gradient,
              States* __restrict... states) {
  constexpr int64_t kLine = kLineBytes / static_cast<int64_t>(sizeof(Real));
  constexpr int64_t kBlock = kLine * kLinesPerBlock;
  int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (int64_t line = i; line < i + kBlock; line += kLine) {
      prefetch_ahead(parameter + line);
      if constexpr (reads_gradient<Rule>()) prefetch_ahead(gradient + line);
      (prefetch_ahead(states + line), ...);
    }
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (int64_t j = i; j < i + kBlock; ++j) rule(parameter[j], gradient[j], states[j]...);
  }
  for (; i < count; ++i) rule(parameter[i], gradient[i], states[i]...);
}

// The first pass of a rule with sums over `count` elements. sums: [kSums], written. Each sum is taken in
// lanes of the rule's precision, a few hundred terms long, and across lanes in float64.
template <typename Rule, typename Real, typename... States>
void measure(const Rule rule, int64_t count, double* sums, const Real* __restrict parameter,
             const Real* __restrict gradient, States* __restrict... states) {
  constexpr int64_t kLine = kLineBytes / static_cast<int64_t>(sizeof(Real));
  constexpr int64_t kBlock = kLine * kLinesPerBlock;
  Real lanes[Rule::kSums][kBlock] = {};
  int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (int64_t line = i; line < i + kBlock; line += kLine) {
      if constexpr (measures_parameter<Rule>()) prefetch_ahead(parameter + line);
      prefetch_ahead(gradient + line);
      (prefetch_ahead(states + line), ...);
    }
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
    for (int64_t j = 0; j < kBlock; ++j) {
      Real terms[Rule::kSums];
      rule.measure(parameter[i + j], gradient[i + j], states[i + j]..., terms);
      for (int sum = 0; sum < Rule::kSums; ++sum) lanes[sum][j] += terms[sum];
    }
  }
  for (int sum = 0; sum < Rule::kSums; ++sum) {
    sums[sum] = 0;
    for (const Real lane : lanes[sum]) sums[sum] += static_cast<double>(lane);
  }
  for (; i < count; ++i) {
    Real terms[Rule::kSums];
    rule.measure(parameter[i], gradient[i], states[i]..., terms);
    for (int sum = 0; sum < Rule::kSums; ++sum) sums[sum] += static_cast<double>(terms[sum]);
  }
}

}  // namespace elementwise

}  // namespace timetrial
