#include "workloads/librispeech/spectrum_augmentation.h"

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr double kTimeRatio = 0.05;
constexpr double kMostBands = 27;
constexpr double kFrequencyRatio = 1;

struct MaskSizes {
  at::Tensor range;    // [batch, 1], places there are
  at::Tensor longest;  // [batch, 1]
  double ratio;
};

// 0 where a place lies under a mask, else 1: [batch, places]. `sizes` and `starts`: uniform [batch, masks].
at::Tensor kept_places(int64_t places, const MaskSizes& mask, const at::Tensor& sizes,
                       const at::Tensor& starts) {
  const at::Tensor bound = (mask.range * mask.ratio).trunc().clamp_min(1);
  const at::Tensor size = at::minimum((mask.longest * sizes).trunc(), bound);
  const at::Tensor start = (starts * (mask.range - size + 1)).trunc();
  const at::Tensor place = at::arange(places, start.options());
  const at::Tensor first = start.unsqueeze(2);
  const at::Tensor hidden = place.ge(first).logical_and_(place.lt(first + size.unsqueeze(2)));
  return hidden.any(1).logical_not_();
}

}  // namespace

void draw_spectrum_masks(const SpectrumMasks& masks, ExampleRandom& random, float* draws) {
  constexpr int kBound = 1 << 24;
  for (int64_t i = 0; i < masks.draws(); ++i) {
    draws[i] = static_cast<float>(random.below(kBound)) / static_cast<float>(kBound);
  }
}

at::Tensor mask_spectrum(const at::Tensor& features, const at::Tensor& lengths, const at::Tensor& draws,
                         const SpectrumMasks& masks) {
  const auto parts = draws.split_with_sizes({masks.time, masks.time, masks.frequency, masks.frequency}, 1);
  const at::Tensor frames = lengths.to(at::kFloat).unsqueeze(1);
  const at::Tensor bands = at::full_like(frames, static_cast<double>(features.size(2)));
  const at::Tensor kept_frames =
      kept_places(features.size(1), {frames, frames * kTimeRatio, kTimeRatio}, parts[0], parts[1]);
  const at::Tensor kept_bands = kept_places(
      features.size(2), {bands, at::full_like(frames, kMostBands), kFrequencyRatio}, parts[2], parts[3]);
  return features * kept_frames.unsqueeze(2) * kept_bands.unsqueeze(1);
}

}  // namespace timetrial
