#pragma once

// SpecAugment (Park et al. 2019): stretches of time and bands of frequency of the log-mel image set to zero.

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "workloads/data/example_random.h"

namespace timetrial {

// How many masks of either kind; their sizes are fixed: at most 5 % of an example's frames, or 27 bands.
struct SpectrumMasks {
  int64_t time = 10;
  int64_t frequency = 2;

  // Random numbers an example needs.
  int64_t draws() const { return 2 * (time + frequency); }
};

// Uniform in [0, 1) with 24 bits, so that float32 never rounds to 1: sizes, then places of the time masks;
// then those of the frequency masks. Writes masks.draws() numbers.
void draw_spectrum_masks(const SpectrumMasks& masks, ExampleRandom& random, float* draws);

// features [batch, frames, bands] of which `lengths` (int64 [batch]) frames are no padding; draws float32
// [batch, masks.draws()]. A mask of an example with `range` places (frames, or bands) has
// min(trunc(longest u), max(trunc(ratio range), 1)) of them, from trunc(v (range - size + 1)) on; longest is
// 0.05 range for time (ratio 0.05) and 27 for frequency (ratio 1).
at::Tensor mask_spectrum(const at::Tensor& features, const at::Tensor& lengths, const at::Tensor& draws,
                         const SpectrumMasks& masks);

}  // namespace timetrial
