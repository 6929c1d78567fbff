#include "workloads/librispeech/spectrum_augmentation.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace timetrial {
namespace {

// Places a mask hides, counted out: from `start`, `size` of them.
void hide(std::vector<bool>& hidden, double range, double longest, double ratio, double u, double v) {
  const double bound = std::max(std::trunc(static_cast<float>(range) * static_cast<float>(ratio)), 1.0f);
  const double size = std::min(std::trunc(longest * u), bound);
  const double start = std::trunc(v * (range - size + 1));
  for (double place = start; place < start + size; ++place) hidden.at(static_cast<size_t>(place)) = true;
}

TEST(SpectrumAugmentation, HidesStretchesOfTimeAndBands) {
  const SpectrumMasks masks = {.time = 3, .frequency = 2};
  const at::Tensor features = at::rand({2, 120, 80}) + 1;
  const std::vector<int64_t> lengths = {120, 63};
  at::Tensor draws = at::empty({2, masks.draws()});
  for (int64_t seed = 0; seed < 20; ++seed) {
    for (int64_t e = 0; e < 2; ++e) {
      ExampleRandom random(static_cast<uint64_t>(seed), 3, e);
      draw_spectrum_masks(masks, random, draws.data_ptr<float>() + e * masks.draws());
    }
    const at::Tensor masked = mask_spectrum(features, torch::tensor(lengths), draws, masks);
    for (int64_t e = 0; e < 2; ++e) {
      const auto row = draws.accessor<float, 2>()[e];
      const auto range = static_cast<double>(lengths[static_cast<size_t>(e)]);
      std::vector<bool> frames(120), bands(80);
      for (int m = 0; m < 3; ++m)
        hide(frames, range, static_cast<double>(0.05f * static_cast<float>(range)), 0.05, row[m], row[3 + m]);
      for (int m = 0; m < 2; ++m) hide(bands, 80, 27, 1, row[6 + m], row[8 + m]);
      for (int64_t frame = 0; frame < 120; ++frame) {
        for (int64_t band = 0; band < 80; ++band) {
          const bool hidden = frames[static_cast<size_t>(frame)] || bands[static_cast<size_t>(band)];
          const double expected = hidden ? 0 : features[e][frame][band].item<double>();
          ASSERT_EQ(masked[e][frame][band].item<double>(), expected) << seed << " " << frame << " " << band;
        }
      }
    }
  }
}

TEST(SpectrumAugmentation, ShortExamplesLoseAtMostOneFrameAMask) {
  const SpectrumMasks masks = {.time = 4, .frequency = 0};
  const at::Tensor draws = at::full({1, 8}, 0.999);
  const at::Tensor masked = mask_spectrum(at::ones({1, 30, 80}), torch::tensor({19}), draws, masks);
  EXPECT_EQ(masked.sum().item<double>(), 30 * 80);  // trunc(0.95 u) is no frame
  const at::Tensor longer = mask_spectrum(at::ones({1, 30, 80}), torch::tensor({29}), draws, masks);
  EXPECT_EQ(longer.sum().item<double>(), 29 * 80);  // the same frame four times
}

TEST(SpectrumAugmentation, DrawsStayBelowOneAndCoverTheRange) {
  const SpectrumMasks masks = {.time = 500, .frequency = 500};
  std::vector<float> draws(static_cast<size_t>(masks.draws()));
  ExampleRandom random(1, 2, 3);
  draw_spectrum_masks(masks, random, draws.data());
  double sum = 0;
  for (const float draw : draws) {
    EXPECT_GE(draw, 0);
    EXPECT_LT(draw, 1);
    sum += draw;
  }
  EXPECT_NEAR(sum / static_cast<double>(draws.size()), 0.5, 0.03);
}

}  // namespace
}  // namespace timetrial
