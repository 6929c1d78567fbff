#include "workloads/metrics/ssim.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "harness/random/split_mix.h"

namespace timetrial {
namespace {

struct Images {
  int64_t height, width;
  std::vector<float> first, second;

  SsimImages pair() const { return {first.data(), second.data(), height, width}; }
};

Images random_images(int64_t height, int64_t width, float apart) {
  Images images{height, width, {}, {}};
  uint64_t state = 7;
  const auto uniform = [&] {
    return static_cast<float>(split_mix_bits(state += kSplitMixIncrement) >> 40) * 0x1p-24f;
  };
  for (int64_t i = 0; i < height * width; ++i) {
    images.first.push_back(uniform() + static_cast<float>(i % width) / 10);
    images.second.push_back(images.first.back() + apart * (uniform() - 0.5f));
  }
  return images;
}

// The definition, window by window.
double plain(const SsimImages& images, double range) {
  double total = 0;
  int64_t windows = 0;
  for (int64_t top = 0; top + 7 <= images.height; ++top) {
    for (int64_t left = 0; left + 7 <= images.width; ++left, ++windows) {
      double mx = 0, my = 0, vx = 0, vy = 0, vxy = 0;
      const auto visit = [&](auto&& take) {
        for (int64_t i = 0; i < 49; ++i) {
          const auto at = (top + i / 7) * images.width + left + i % 7;
          take(static_cast<double>(images.first[at]) * images.scale + images.shift,
               static_cast<double>(images.second[at]) * images.scale + images.shift);
        }
      };
      visit([&](double x, double y) { mx += x / 49, my += y / 49; });
      visit([&](double x, double y) {
        vx += (x - mx) * (x - mx) / 48, vy += (y - my) * (y - my) / 48, vxy += (x - mx) * (y - my) / 48;
      });
      const double c1 = std::pow(0.01 * range, 2), c2 = std::pow(0.03 * range, 2);
      total += (2 * mx * my + c1) * (2 * vxy + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2));
    }
  }
  return total / static_cast<double>(windows);
}

TEST(Ssim, EqualsTheDefinition) {
  for (const auto& [height, width] : {std::pair{7, 7}, {8, 13}, {31, 20}}) {
    const Images images = random_images(height, width, 0.7f);
    SsimImages pair = images.pair();
    EXPECT_NEAR(structural_similarity(pair), plain(pair, 1), 1e-6) << height << " x " << width;
    pair.scale = 3.5f;
    pair.shift = 0.25f;
    pair.range = 4;
    EXPECT_NEAR(structural_similarity(pair), plain(pair, 4), 1e-6);
  }
}

// skimage.metrics.structural_similarity 0.26.0 of these images: data_range 1, win_size 7, defaults otherwise.
TEST(Ssim, EqualsScikitImage) {
  Images images{16, 16, {}, {}};
  for (int i = 0; i < 256; ++i) {
    images.first.push_back(static_cast<float>(i * 37 % 101) / 101);
    images.second.push_back(static_cast<float>(i * 53 % 97) / 97);
  }
  EXPECT_NEAR(structural_similarity(images.pair()), 0.055870392016, 1e-6);
}

TEST(Ssim, EqualImagesAreOne) {
  const Images images = random_images(20, 20, 0);
  EXPECT_DOUBLE_EQ(structural_similarity(images.pair()), 1.0);
}

TEST(Ssim, NoRangeCountsAsOne) {
  const Images images = random_images(20, 20, 0.5f);
  SsimImages pair = images.pair();
  const double one = structural_similarity(pair);
  pair.range = 0;
  EXPECT_EQ(structural_similarity(pair), one);
}

TEST(Ssim, ImageSmallerThanAWindowIsAMistakeOfOurs) {
  const Images images = random_images(6, 20, 0);
  EXPECT_THROW(structural_similarity(images.pair()), std::logic_error);
}

}  // namespace
}  // namespace timetrial
