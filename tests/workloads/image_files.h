#pragma once

// Made-up pictures for tests and benchmarks.

#include <algorithm>
#include <cmath>
#include <string>

#include "workloads/imagenet/image.h"
#include "workloads/imagenet/jpeg_file.h"

namespace timetrial {

// Coarse stripes of three colours with fine steps: has edges, ramps and values at both ends.
// image_vectors.py makes the same one.
inline Image made_up_image(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < kChannels; ++c) {
        const int coarse = 70 * ((x * 8 / width + y * 8 / height + c) % 3 - 1);
        const int fine = (x * 7 + y * 13 + (x * y) % 31 + c * 11) % 50;
        image.row(y)[x * kChannels + c] = static_cast<uint8_t>(std::clamp(128 + coarse + fine - 20, 0, 255));
      }
    }
  }
  return image;
}

// Soft shapes with a little noise: compresses about as a photograph does (a 500 x 375 one to about 100 kB at
// quality 95).
inline Image photo_like_image(int width, int height, uint32_t seed = 1) {
  Image image(width, height);
  uint32_t noise = seed * 2654435761u + 1;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double shade =
          110 + 60 * std::sin(x * 0.021 + seed) * std::cos(y * 0.017) + 30 * std::sin((x + 2 * y) * 0.09);
      for (int c = 0; c < kChannels; ++c) {
        noise = noise * 1664525u + 1013904223u;
        const double grain = static_cast<double>(noise >> 24) / 16.0 - 8.0;
        const double value = shade + 25 * std::sin(x * 0.013 * (c + 1)) + grain;
        image.row(y)[x * kChannels + c] = static_cast<uint8_t>(std::clamp(value, 0.0, 255.0));
      }
    }
  }
  return image;
}

}  // namespace timetrial
