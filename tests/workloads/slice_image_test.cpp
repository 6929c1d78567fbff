#include "workloads/fastmri/slice_image.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "fastmri_files.h"
#include "workloads/fastmri/column_mask.h"

namespace timetrial {
namespace {

// Magnitude of the centred, orthonormal inverse transform of the masked k-space, by the definition.
double magnitude_at(const VolumeFile& volume, const std::vector<std::complex<float>>& kspace,
                    const std::vector<uint8_t>& mask, int64_t y, int64_t x) {
  std::complex<double> sum = 0;
  for (int64_t v = 0; v < volume.rows; ++v) {
    for (int64_t u = 0; u < volume.columns; ++u) {
      if (mask[static_cast<size_t>(u)] == 0) continue;
      const double turns = static_cast<double>((v - volume.rows / 2) * (y - volume.rows / 2)) /
                               static_cast<double>(volume.rows) +
                           static_cast<double>((u - volume.columns / 2) * (x - volume.columns / 2)) /
                               static_cast<double>(volume.columns);
      sum += std::complex<double>(kspace[static_cast<size_t>(v * volume.columns + u)]) *
             std::polar(1.0, 2 * std::numbers::pi * turns);
    }
  }
  return std::abs(sum) / std::sqrt(static_cast<double>(volume.rows * volume.columns));
}

void expect_definition(const VolumeShape& shape, int64_t width) {
  SCOPED_TRACE(std::to_string(shape.rows) + " x " + std::to_string(shape.columns));
  const VolumeContents contents = made_up_volume(shape, 4);
  VolumeFile volume;
  volume.rows = shape.rows;
  volume.columns = shape.columns;
  volume.height = shape.side;
  volume.width = width;
  const auto mask = column_mask(shape.columns, 9);
  std::vector<float> image(static_cast<size_t>(shape.side * width));
  magnitude_image(volume, contents.kspace.data(), mask, image.data());
  for (int64_t y = 0; y < shape.side; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      EXPECT_NEAR(image[static_cast<size_t>(y * width + x)],
                  magnitude_at(volume, contents.kspace, mask, (shape.rows - shape.side) / 2 + y,
                               (shape.columns - width) / 2 + x),
                  1e-5);
    }
  }
}

TEST(SliceImage, IsTheCentreOfTheInverseTransform) {
  expect_definition({1, 24, 22, 12}, 12);
  expect_definition({1, 24, 19, 12}, 11);  // odd width, a prime
  expect_definition({1, 21, 20, 21}, 20);  // nothing cut off, odd height
}

TEST(SliceImage, NoKeptColumnGivesDarkness) {
  const VolumeContents contents = made_up_volume({1, 16, 16, 8}, 4);
  const VolumeFile volume{"", 1, 16, 16, 8, 8};
  std::vector<float> image(64, 1);
  magnitude_image(volume, contents.kspace.data(), std::vector<uint8_t>(16, 0), image.data());
  EXPECT_EQ(image, std::vector<float>(64, 0.0f));
}

TEST(SliceImage, NormalisationUsesMeanAndPopulationDeviationAndClips) {
  std::vector<float> image(100, 1.0f);
  image[3] = 101.0f;
  const SliceScale scale = scale_of(image.data(), 100);
  EXPECT_FLOAT_EQ(scale.mean, 2.0f);
  EXPECT_FLOAT_EQ(scale.deviation, std::sqrt(99.0f));
  normalise_slice(image.data(), 100, scale);
  EXPECT_FLOAT_EQ(image[0], -1 / std::sqrt(99.0f));
  EXPECT_EQ(image[3], 6.0f);
}

}  // namespace
}  // namespace timetrial
