#pragma once

// Operations on values rather than places, with Pillow's rounding (ImageEnhance, ImageOps).

#include <array>
#include <functional>

#include "workloads/imagenet/image.h"

namespace timetrial {

// Each value by a function of its own value, 0-255.
template <typename Function>
Image mapped(Image image, const Function& function) {
  std::array<uint8_t, 256> table;
  for (int value = 0; value < 256; ++value)
    table[static_cast<size_t>(value)] = static_cast<uint8_t>(function(value));
  for (uint8_t& value : image.pixels) value = table[value];
  return image;
}

// `factor` times as far from black, from its own grey, from the image's mean grey, from the smoothed image.
Image brightened(Image image, float factor);
Image coloured(Image image, float factor);
Image contrasted(Image image, float factor);
Image sharpened(const Image& image, float factor);

// Every channel stretched to 0-255; every channel's histogram made even.
Image auto_contrasted(Image image);
Image equalized(Image image);

}  // namespace timetrial
