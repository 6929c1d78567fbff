#include "workloads/imagenet/random_crop.h"

#include <algorithm>
#include <cmath>

namespace timetrial {
namespace {

constexpr int kTries = 10;

int rounded(double value) {
  return static_cast<int>(std::nearbyint(value));
}

}  // namespace

PixelBox random_crop(int width, int height, const std::array<double, 2>& area,
                     const std::array<double, 2>& ratio, ExampleRandom& random) {
  const double pixels = static_cast<double>(width) * height;
  for (int i = 0; i < kTries; ++i) {
    const double wanted = pixels * random.uniform(area[0], area[1]);
    const double shape = std::exp(random.uniform(std::log(ratio[0]), std::log(ratio[1])));
    const int w = rounded(std::sqrt(wanted * shape));
    const int h = rounded(std::sqrt(wanted / shape));
    if (w < 1 || w > width || h < 1 || h > height) continue;
    const int top = random.below(height - h + 1);
    return {random.below(width - w + 1), top, w, h};
  }
  PixelBox box{0, 0, width, height};
  const double shape = static_cast<double>(width) / height;
  if (shape < ratio[0]) box.height = std::clamp(rounded(width / ratio[0]), 1, height);
  if (shape > ratio[1]) box.width = std::clamp(rounded(height * ratio[1]), 1, width);
  box.left = (width - box.width) / 2;
  box.top = (height - box.height) / 2;
  return box;
}

}  // namespace timetrial
