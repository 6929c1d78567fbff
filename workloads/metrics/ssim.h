#pragma once

// Structural similarity of two images (Wang, Bovik, Sheikh, Simoncelli 2004), as the fastMRI paper
// (arXiv:1811.08839) takes it: uniform windows of 7 x 7, sample covariances, K1 = 0.01, K2 = 0.03.

#include <cstdint>

namespace timetrial {

inline constexpr int64_t kSsimWindow = 7;

struct SsimImages {
  const float* first = nullptr;  // [height, width], both
  const float* second = nullptr;
  int64_t height = 0;
  int64_t width = 0;
  // Both images are compared as value * scale + shift.
  float scale = 1;
  float shift = 0;
  float range = 1;  // largest possible value after that; 0 counts as 1
};

// Mean over all windows that lie wholly inside the image, in [-1, 1]. Sums are taken in double. Throws
// std::logic_error for an image smaller than a window. Thread-safe.
double structural_similarity(const SsimImages& images);

}  // namespace timetrial
