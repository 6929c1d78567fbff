#include "workloads/imagenet/geometric_augment.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace timetrial {
namespace {

constexpr uint8_t kFill = 128;
constexpr int kFractionBits = 16;

int64_t fixed(double value) {
  return static_cast<int64_t>(std::floor(value * (1 << kFractionBits) + 0.5));
}

// Pillow writes sines and cosines into the matrix with 15 digits.
double rounded(double value) {
  constexpr double kDigits = 1e15;
  return std::nearbyint(value * kDigits) / kDigits;
}

}  // namespace

Image transformed(const Image& image, const AffineMatrix& matrix) {
  Image result(image.width, image.height);
  std::fill(result.pixels.begin(), result.pixels.end(), kFill);
  const int64_t x_by_x = fixed(matrix[0]);
  const int64_t y_by_x = fixed(matrix[3]);
  int64_t row_x = fixed(matrix[2] + matrix[0] * 0.5 + matrix[1] * 0.5);
  int64_t row_y = fixed(matrix[5] + matrix[3] * 0.5 + matrix[4] * 0.5);
  for (int y = 0; y < image.height; ++y) {
    int64_t from_x = row_x;
    int64_t from_y = row_y;
    uint8_t* out = result.row(y);
    for (int x = 0; x < image.width; ++x, out += kChannels) {
      const int64_t column = from_x >> kFractionBits;
      const int64_t line = from_y >> kFractionBits;
      if (column >= 0 && column < image.width && line >= 0 && line < image.height) {
        std::memcpy(out, image.row(static_cast<int>(line)) + column * kChannels, kChannels);
      }
      from_x += x_by_x;
      from_y += y_by_x;
    }
    row_x += fixed(matrix[1]);
    row_y += fixed(matrix[4]);
  }
  return result;
}

AffineMatrix rotation(const Image& image, double degrees) {
  const double angle = -degrees * std::numbers::pi / 180.0;
  const double cosine = rounded(std::cos(angle));
  const double sine = rounded(std::sin(angle));
  const double x = image.width / 2.0;
  const double y = image.height / 2.0;
  return {cosine, sine, x - cosine * x - sine * y, -sine, cosine, y + sine * x - cosine * y};
}

Image cut_out(Image image, double across, double down, int side) {
  const int left = static_cast<int>(std::max(0.0, across * image.width - side / 2.0));
  const int top = static_cast<int>(std::max(0.0, down * image.height - side / 2.0));
  const int right = std::min(left + side, image.width - 1);
  const int bottom = std::min(top + side, image.height - 1);
  for (int y = top; y <= bottom; ++y) {
    std::memset(image.row(y) + left * kChannels, kFill, static_cast<size_t>(right - left + 1) * kChannels);
  }
  return image;
}

}  // namespace timetrial
