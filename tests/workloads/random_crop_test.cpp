#include "workloads/imagenet/random_crop.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace timetrial {
namespace {

constexpr std::array<double, 2> kArea = {0.08, 1.0};
constexpr std::array<double, 2> kRatio = {3.0 / 4.0, 4.0 / 3.0};

TEST(RandomCrop, StaysInsideWithTheAskedAreaAndShape) {
  double shares = 0, lefts = 0;
  constexpr int kCrops = 20000;
  for (int i = 0; i < kCrops; ++i) {
    ExampleRandom random(1, 0, i);
    const PixelBox box = random_crop(500, 375, kArea, kRatio, random);
    ASSERT_GE(box.left, 0);
    ASSERT_GE(box.top, 0);
    ASSERT_LE(box.left + box.width, 500);
    ASSERT_LE(box.top + box.height, 375);
    const double share = box.width * box.height / (500.0 * 375.0);
    EXPECT_GT(share, 0.078);
    EXPECT_GT(static_cast<double>(box.width) / box.height, 0.74);
    EXPECT_LT(static_cast<double>(box.width) / box.height, 1.35);
    shares += share;
    lefts += box.left / 500.0;
  }
  // What 20,000 crops of torchvision give; not 0.54, for boxes that do not fit are drawn again.
  EXPECT_NEAR(shares / kCrops, 0.4348, 0.006);
  EXPECT_NEAR(lefts / kCrops, 0.2170, 0.006);
}

TEST(RandomCrop, ALongImageFallsBackToTheCentre) {
  ExampleRandom random(1, 0, 0);
  EXPECT_EQ(random_crop(3000, 20, {0.9, 1.0}, kRatio, random), (PixelBox{1486, 0, 27, 20}));
  EXPECT_EQ(random_crop(20, 3000, {0.9, 1.0}, kRatio, random), (PixelBox{0, 1486, 20, 27}));
}

TEST(RandomCrop, OnePixelIsEnough) {
  ExampleRandom random(1, 0, 0);
  EXPECT_EQ(random_crop(1, 1, kArea, kRatio, random), (PixelBox{0, 0, 1, 1}));
}

TEST(ExampleRandom, BetaHasTheMeanAndSpreadOfTheDistribution) {
  for (const double alpha : {0.2, 1.0}) {
    double sum = 0, squares = 0;
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i) {
      const double draw = ExampleRandom(3, 1, i).beta(alpha);
      ASSERT_GE(draw, 0.0);
      ASSERT_LE(draw, 1.0);
      sum += draw;
      squares += (draw - 0.5) * (draw - 0.5);
    }
    EXPECT_NEAR(sum / kDraws, 0.5, 0.015);
    EXPECT_NEAR(squares / kDraws, 0.25 / (2 * alpha + 1), 0.005);
  }
}

TEST(ExampleRandom, NeighboursShareNothing) {
  const double first = ExampleRandom(5, 1, 1).uniform();
  EXPECT_NE(first, ExampleRandom(5, 1, 2).uniform());
  EXPECT_NE(first, ExampleRandom(5, 2, 1).uniform());
  EXPECT_NE(first, ExampleRandom(6, 1, 1).uniform());
  EXPECT_NE(ExampleRandom(5, 1, 2).uniform(), ExampleRandom(5, 2, 1).uniform());
}

}  // namespace
}  // namespace timetrial
