#include "workloads/fastmri/kspace_synthesis.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

// A bright block in a dark field of 12 x 10 x 8 voxels.
Voxels block() {
  Voxels voxels{{12, 10, 8}, std::vector<float>(12 * 10 * 8)};
  for (int64_t z = 2; z < 6; ++z) {
    for (int64_t y = 2; y < 8; ++y) {
      for (int64_t x = 3; x < 9; ++x) voxels.values[static_cast<size_t>((z * 10 + y) * 12 + x)] = 4.0f;
    }
  }
  return voxels;
}

SynthesisOptions options() {
  SynthesisOptions options;
  options.rows = 16;
  options.columns = 12;
  options.side = 8;
  options.noise = 0;
  options.seed = 3;
  return options;
}

// The definition of the centred inverse transform, at one place.
std::complex<double> inverse_at(const VolumeContents& volume, int64_t slice, int64_t y, int64_t x) {
  std::complex<double> sum = 0;
  for (int64_t v = 0; v < volume.rows; ++v) {
    for (int64_t u = 0; u < volume.columns; ++u) {
      const double turns = static_cast<double>((v - volume.rows / 2) * (y - volume.rows / 2)) /
                               static_cast<double>(volume.rows) +
                           static_cast<double>((u - volume.columns / 2) * (x - volume.columns / 2)) /
                               static_cast<double>(volume.columns);
      const auto value = volume.kspace[static_cast<size_t>((slice * volume.rows + v) * volume.columns + u)];
      sum += std::complex<double>(value) * std::polar(1.0, 2 * std::numbers::pi * turns);
    }
  }
  return sum / std::sqrt(static_cast<double>(volume.rows * volume.columns));
}

TEST(KspaceSynthesis, KspaceShowsTheImage) {
  const VolumeContents volume = synthesise_kspace(half_resolution(block()), SliceAxis::z, options());
  ASSERT_EQ(volume.slices, 2);  // of four at half resolution, two show the block
  for (int64_t y = 0; y < volume.height; ++y) {
    for (int64_t x = 0; x < volume.width; ++x) {
      const auto inverse = inverse_at(volume, 1, y + 4, x + 2);
      EXPECT_NEAR(std::abs(inverse), volume.image[static_cast<size_t>((8 + y) * 8 + x)], 1e-5);
    }
  }
  EXPECT_NEAR(volume.maximum, 1, 1e-6);
  EXPECT_GT(std::abs(std::arg(inverse_at(volume, 1, 8, 6)) - std::arg(inverse_at(volume, 0, 8, 6))), 1e-3);
}

TEST(KspaceSynthesis, AxesAndThinSlices) {
  const Voxels half = half_resolution(block());
  EXPECT_EQ(half.size, (std::array<int64_t, 3>{6, 5, 4}));
  EXPECT_EQ(half.at(2, 2, 2), 1.0f);
  EXPECT_EQ(half.at(1, 2, 2), 0.5f);  // the block begins at the odd place 3
  EXPECT_EQ(synthesise_kspace(half, SliceAxis::y, options()).slices, 3);
  EXPECT_EQ(synthesise_kspace(half, SliceAxis::x, options()).slices, 4);
  SynthesisOptions demanding = options();
  demanding.least_tissue = 0.9;
  EXPECT_EQ(synthesise_kspace(half, SliceAxis::z, demanding).slices, 0);
}

TEST(KspaceSynthesis, NoiseHasTheDeviationAskedFor) {
  SynthesisOptions noisy = options();
  noisy.rows = noisy.columns = noisy.side = 64;
  noisy.noise = 0.01;
  noisy.least_tissue = 0;
  Voxels dark{{2, 2, 2}, std::vector<float>(8)};
  dark.values[0] = 0;
  const VolumeContents volume = synthesise_kspace(dark, SliceAxis::z, noisy);
  double squares = 0;
  for (const auto value : volume.kspace) squares += std::norm(value);
  EXPECT_NEAR(std::sqrt(squares / (2.0 * static_cast<double>(volume.kspace.size()))), 0.01, 0.0003);
}

TEST(KspaceSynthesis, IsAFunctionOfItsSeed) {
  const Voxels half = half_resolution(block());
  SynthesisOptions other = options();
  other.seed = 4;
  const auto first = synthesise_kspace(half, SliceAxis::z, options()).kspace;
  EXPECT_EQ(first, synthesise_kspace(half, SliceAxis::z, options()).kspace);
  EXPECT_NE(first, synthesise_kspace(half, SliceAxis::z, other).kspace);
}

}  // namespace
}  // namespace timetrial
