#pragma once

// One read of all gradients: the sum of their squares (for clipping by the global norm) and whether any entry
// is not finite (overflow). Both results go to device memory; nobody waits for them.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/chunk_list.h"
#include "timetrial/elementwise_cpu.h"
#include "timetrial/step_scalars.h"

namespace timetrial {

namespace elementwise {

// Sum of squares in `Real`, in independent lanes. Finite if and only if every entry is finite and none of the
// squares or sums overflowed.
template <typename Real>
double squares_in_lanes(const Real* gradient, int64_t count) {
  constexpr int64_t kLine = kLineBytes / static_cast<int64_t>(sizeof(Real));
  constexpr int64_t kBlock = kLine * kLinesPerBlock;
  using Lanes [[gnu::vector_size(kLineBytes)]] = Real;
  Lanes sums[kLinesPerBlock] = {};
  int64_t i = 0;
  for (; i + kBlock <= count; i += kBlock) {
    for (int64_t line = 0; line < kLinesPerBlock; ++line) {
      const Real* position = gradient + i + line * kLine;
      prefetch_ahead(position);
      Lanes values;
      std::memcpy(&values, position, sizeof values);
      sums[line] += values * values;
    }
  }
  double total = 0;
  for (const Lanes& lanes : sums) {
    for (int64_t lane = 0; lane < kLine; ++lane) total += static_cast<double>(lanes[lane]);
  }
  for (; i < count; ++i) total += static_cast<double>(gradient[i]) * static_cast<double>(gradient[i]);
  return total;
}

struct ChunkScan {
  double squares = 0;
  bool all_finite = true;
};

// The lanes decide nearly always; only when they overflowed the chunk is read again: in double, where squares
// of floats always fit, with a sum that turns NaN (inf * 0, NaN * 0) for non-finite entries alone.
template <typename Real>
ChunkScan scan_chunk(const Real* gradient, int64_t count) {
  const double quick = squares_in_lanes(gradient, count);
  if (std::isfinite(quick)) return {quick, true};
  double squares = 0;
  double poison = 0;
  for (int64_t i = 0; i < count; ++i) {
    const auto value = static_cast<double>(gradient[i]);
    squares += value * value;
    poison += value * 0.0;
  }
  return {squares, !std::isnan(poison)};
}

}  // namespace elementwise

// gradients: as for ElementwiseUpdate::apply on the same chunks; undefined entries count as absent.
// destination: float64 on the CPU; elements kSquaredNorm and kFoundNonFinite (step_scalars.h) are written.
// The squared norm is infinite for finite double gradients above 1e154, and NaN or infinite where an entry
// is. The result does not depend on the number of threads.
inline void scan_gradients(const ChunkList& chunks, const std::vector<at::Tensor>& gradients,
                           const at::Tensor& destination) {
  std::vector<elementwise::ChunkScan> scans(chunks.size());
  chunks.for_each([&](const Chunk& chunk) {
    const at::Tensor& gradient = gradients[chunk.tensor];
    if (!gradient.defined()) return;
    const void* storage = gradient.const_data_ptr();
    scans[chunk.index] =
        chunk.is_double
            ? elementwise::scan_chunk(static_cast<const double*>(storage) + chunk.begin, chunk.elements)
            : elementwise::scan_chunk(static_cast<const float*>(storage) + chunk.begin, chunk.elements);
  });
  double squares = 0;
  bool all_finite = true;
  for (const elementwise::ChunkScan& scan : scans) {
    squares += scan.squares;
    all_finite = all_finite && scan.all_finite;
  }
  auto* results = destination.mutable_data_ptr<double>();
  results[kSquaredNorm] = squares;
  results[kFoundNonFinite] = all_finite ? 0.0 : 1.0;
}

}  // namespace timetrial
