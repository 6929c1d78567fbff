#include "workloads/imagenet/resampling.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.h"
#include "image_vectors.h"

namespace timetrial {
namespace {

TEST(Resampling, EqualsPillowsBilinearResize) {
  for (const auto& vector : image_vectors().at("resizes")) {
    SCOPED_TRACE(vector.at("box").dump());
    const int width = vector.at("width"), height = vector.at("height"), side = vector.at("side");
    const auto box = vector.at("box").get<std::vector<double>>();
    const Image image = made_up_image(width, height);
    const Taps columns = Taps::bilinear({width, box[0], box[2], side, 0, side});
    const Taps rows = Taps::bilinear({height, box[1], box[3], side, 0, side});
    Image part(columns.end() - columns.begin(), rows.end() - rows.begin());
    for (int y = 0; y < part.height; ++y) {
      std::copy_n(image.row(rows.begin() + y) + columns.begin() * kChannels, part.width * kChannels,
                  part.row(y));
    }
    const Image result = resample(part, columns, rows);
    if (vector.contains("pixels")) {
      EXPECT_EQ(hexadecimal(result), vector.at("pixels").get<std::string>());
    }
    EXPECT_EQ(checksum(result), vector.at("crc").get<uint32_t>());
  }
}

TEST(Resampling, APartOfTheOutputsIsThatPart) {
  const Image image = made_up_image(61, 47);
  const Image whole = resample(image, Taps::bilinear(whole_axis(61, 20)), Taps::bilinear(whole_axis(47, 30)));
  const Taps columns = Taps::bilinear({61, 0, 61, 20, 5, 9});
  const Taps rows = Taps::bilinear({47, 0, 47, 30, 11, 12});
  EXPECT_GT(columns.begin(), 0);
  EXPECT_LT(columns.end(), 61);
  Image needed(columns.end() - columns.begin(), rows.end() - rows.begin());
  for (int y = 0; y < needed.height; ++y) {
    std::copy_n(image.row(rows.begin() + y) + columns.begin() * kChannels, needed.width * kChannels,
                needed.row(y));
  }
  const Image part = resample(needed, columns, rows);
  ASSERT_EQ(part.width, 9);
  for (int y = 0; y < 12; ++y) {
    for (int x = 0; x < 9 * kChannels; ++x) EXPECT_EQ(part.row(y)[x], whole.row(11 + y)[5 * kChannels + x]);
  }
}

TEST(Resampling, BicubicEqualsTensorFlows) {
  // tf.image.resize([made_up(7, 6)], [5, 5], "bicubic") of TensorFlow 2.21.
  const std::vector<float> expected = {
      52.923f,  135.486f, 173.597f, 172.526f, 110.614f, 108.246f, 64.111f,  146.013f, 209.977f, 176.049f,
      163.654f, 57.228f,  100.086f, 110.723f, 176.514f, 154.078f, 158.570f, 100.117f, 110.099f, 129.740f,
      163.245f, 162.300f, 182.558f, 58.081f,  128.737f, 81.087f,  175.644f, 131.091f, 170.318f, 88.456f,
      175.785f, 122.079f, 110.185f, 114.765f, 133.643f, 144.003f, 150.875f, 126.875f, 109.125f, 112.472f,
      126.806f, 157.175f, 173.964f, 137.921f, 88.661f,  166.937f, 82.207f,  116.323f, 87.135f,  171.056f,
      154.960f, 201.919f, 118.228f, 97.700f,  99.421f,  130.686f, 152.418f, 179.170f, 108.324f, 115.716f,
      69.419f,  142.665f, 193.477f, 195.838f, 109.195f, 97.058f,  50.023f,  117.263f, 195.889f, 158.607f,
      155.993f, 96.572f,  100.252f, 138.547f, 180.886f};
  const Image image = made_up_image(7, 6);
  const std::vector<float> result = resize_bicubic(image, 5);
  ASSERT_EQ(result.size(), 75u);
  for (size_t i = 0; i < result.size(); ++i) EXPECT_NEAR(result[i], expected[i], 2e-3) << i;
}

TEST(Resampling, BicubicKeepsAnImageOfTheSameSize) {
  const Image image = made_up_image(9, 9);
  const std::vector<float> result = resize_bicubic(image, 9);
  for (size_t i = 0; i < result.size(); ++i) EXPECT_FLOAT_EQ(result[i], image.pixels[i]);
}

}  // namespace
}  // namespace timetrial
