#pragma once

// A picture in memory: rows of red, green, blue bytes, no padding.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace timetrial {

inline constexpr int kChannels = 3;

struct Image {
  Image() = default;
  Image(int w, int h)
      : width(w), height(h), pixels(static_cast<size_t>(w) * static_cast<size_t>(h) * kChannels) {}

  int width = 0;
  int height = 0;
  std::vector<uint8_t> pixels;

  uint8_t* row(int y) { return pixels.data() + offset(y); }
  const uint8_t* row(int y) const { return pixels.data() + offset(y); }

 private:
  size_t offset(int y) const { return static_cast<size_t>(y) * static_cast<size_t>(width) * kChannels; }
};

// Whole pixels [left, left + width) x [top, top + height).
struct PixelBox {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;

  bool operator==(const PixelBox&) const = default;
};

}  // namespace timetrial
