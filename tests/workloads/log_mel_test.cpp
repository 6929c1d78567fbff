#include "workloads/librispeech/log_mel.h"

#include <cmath>
#include <complex>
#include <numbers>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "workloads/librispeech/frame_paddings.h"

namespace timetrial {
namespace {

double mel(double hertz) {
  return 1127 * std::log(1 + hertz / 700);
}

// Weight of a bin of the 512-point spectrum in a band, from the definition.
double plain_weight(int64_t bin, int64_t band) {
  if (bin == 0) return 0;
  const double width = (mel(7600) - mel(125)) / 81;
  const double centre = mel(125) + width * static_cast<double>(band + 1);
  return std::max(0.0, 1 - std::abs(mel(31.25 * static_cast<double>(bin)) - centre) / width);
}

// One value, sample by sample: pre-emphasis, window, Fourier sum, band, logarithm, normalisation. Window and
// bands are the model's own, as they are float32 in every precision; other tests check them.
double plain_log_mel(const std::vector<double>& audio, int64_t frame, int64_t band) {
  static const at::Tensor window = LogMel(at::kFloat).named_buffers()["stft.window"].flatten();
  const auto shape = window.accessor<float, 1>();
  std::vector<double> windowed;
  for (int64_t t = 0; t < 400; ++t) {
    const auto at = static_cast<size_t>(160 * frame + t);
    const double now = audio[at] / 32768;
    const double emphasised = t == 0 ? now * (1 - 0.97) : now - 0.97 * audio[at - 1] / 32768;
    windowed.push_back(emphasised * static_cast<double>(shape[t]));
  }
  static const at::Tensor weights = mel_weights();
  const auto bands = weights.accessor<float, 2>();
  double energy = 0;
  for (int64_t bin = 1; bin < 257; ++bin) {
    const double weight = bands[bin][band];
    if (weight == 0) continue;
    std::complex<double> sum = 0;
    for (size_t t = 0; t < windowed.size(); ++t) {
      sum += windowed[t] * std::polar(1.0, -2 * std::numbers::pi *
                                               static_cast<double>(bin * static_cast<int64_t>(t)) / 512);
    }
    energy += weight * std::norm(sum);
  }
  const auto index = static_cast<size_t>(band);
  return (std::log(std::max(energy, 1e-5)) - kMelMeans[index]) / kMelDeviations[index];
}

at::Tensor noisy_tone(int64_t samples) {
  const at::Tensor time = at::arange(samples, at::kDouble);
  return 6000 * (time * 0.21).sin() + 300 * at::randn({samples}, at::kDouble);
}

TEST(LogMel, EqualsThePlainFormulationInBothPrecisions) {
  torch::manual_seed(1);
  const at::Tensor audio = noisy_tone(1500);
  const std::vector<double> samples(audio.const_data_ptr<double>(), audio.const_data_ptr<double>() + 1500);
  for (const auto& [dtype, tolerance] : {std::pair{at::kDouble, 1e-9}, {at::kFloat, 5e-5}}) {
    const at::Tensor features = LogMel(dtype).forward(audio.unsqueeze(0));
    ASSERT_EQ(features.sizes(), at::IntArrayRef({1, 7, 80}));
    for (const int64_t frame : {0, 3, 6}) {
      for (int64_t band = 0; band < 80; ++band) {
        EXPECT_NEAR(features[0][frame][band].item<double>(), plain_log_mel(samples, frame, band), tolerance)
            << frame << " " << band;
      }
    }
  }
}

TEST(LogMel, BandsAreTrianglesInMel) {
  const at::Tensor weights = mel_weights();
  ASSERT_EQ(weights.sizes(), at::IntArrayRef({257, 80}));
  EXPECT_EQ(weights.scalar_type(), at::kFloat);
  for (int64_t bin = 0; bin < 257; ++bin) {
    for (int64_t band = 0; band < 80; ++band) {
      EXPECT_NEAR(weights[bin][band].item<double>(), plain_weight(bin, band), 5e-5);
    }
  }
}

TEST(LogMel, TheWindowIsHannsWithoutItsLastZero) {
  const at::Tensor window = LogMel(at::kDouble).named_buffers()["stft.window"].flatten();
  EXPECT_EQ(window[0].item<double>(), 0);
  for (int64_t t = 0; t < 400; ++t) {
    EXPECT_NEAR(window[t].item<double>(),
                0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(t) / 400), 3e-7);
  }
}

TEST(LogMel, SilenceIsTheFloor) {
  const at::Tensor features = LogMel(at::kDouble).forward(at::zeros({1, 801}, at::kDouble));
  ASSERT_EQ(features.size(1), 3);
  const double expected = (std::log(1e-5) - kMelMeans[5]) / kMelDeviations[5];
  EXPECT_NEAR(features[0][2][5].item<double>(), expected, 1e-6);
}

TEST(LogMel, CountsWholeFrames) {
  EXPECT_EQ(frame_count(400), 0);
  EXPECT_EQ(frame_count(401), 1);
  EXPECT_EQ(frame_count(560), 1);
  EXPECT_EQ(frame_count(561), 2);
  EXPECT_EQ(frame_count(320000), 1998);
}

TEST(LogMel, BuffersAreThoseOfTheReference) {
  const auto buffers = LogMel(at::kFloat).named_buffers();
  ASSERT_EQ(buffers.keys(),
            (std::vector<std::string>{"_normalizer_mean", "_normalizer_stddev", "stft.window"}));
  EXPECT_EQ(buffers["_normalizer_mean"].sizes(), at::IntArrayRef({1, 1, 80, 1}));
  EXPECT_EQ(buffers["stft.window"].sizes(), at::IntArrayRef({1, 1, 400, 1}));
}

TEST(FramePaddings, AFrameIsPaddingWhenAllItsSamplesAre) {
  for (const int64_t samples : {2000, 1999}) {
    for (const int64_t end : {1, 160, 161, 400, 401, 1000, 1441, 1999}) {
      const at::Tensor paddings = at::arange(samples, at::kDouble).ge(end).to(at::kDouble).unsqueeze(0);
      const at::Tensor plain = std::get<0>(paddings.unfold(1, 401, 160).min(2));
      EXPECT_TRUE(at::equal(frame_paddings(paddings), plain)) << samples << " " << end;
    }
  }
}

TEST(FramePaddings, HalvingTakesEverySecond) {
  const at::Tensor paddings = torch::tensor({{0., 0., 0., 1., 1.}});
  EXPECT_TRUE(at::equal(halved_paddings(paddings), torch::tensor({{0., 0., 1.}})));
  EXPECT_TRUE(at::equal(halved_paddings(halved_paddings(paddings)), torch::tensor({{0., 1.}})));
  EXPECT_EQ(unpadded_lengths(paddings).item<int64_t>(), 3);
}

TEST(FrameMask, LeavesWhatIsNotPaddedAlone) {
  const at::Tensor values = at::randn({1, 3, 2, 4}, at::kDouble);
  const FrameMask mask(torch::tensor({{0., 0., 1.}}, at::kDouble), at::kDouble);
  EXPECT_TRUE(mask.any_padding());
  EXPECT_TRUE(at::equal(mask.masked(values).narrow(1, 0, 2), values.narrow(1, 0, 2)));
  EXPECT_EQ(mask.masked(values)[0][2].abs().sum().item<double>(), 0);
  const FrameMask open(at::zeros({1, 3}, at::kDouble), at::kDouble);
  EXPECT_FALSE(open.any_padding());
  EXPECT_TRUE(open.masked(values).is_same(values));
}

}  // namespace
}  // namespace timetrial
