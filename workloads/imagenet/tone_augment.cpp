#include "workloads/imagenet/tone_augment.h"

#include <algorithm>
#include <cmath>

namespace timetrial {
namespace {

using ByteTable = std::array<uint8_t, 256>;
using Histogram = std::array<int64_t, 256>;

// from + factor * (value - from), cut to a byte; truncated, not rounded.
uint8_t away_from(int from, int value, float factor) {
  const float moved = static_cast<float>(from) + factor * static_cast<float>(value - from);
  return moved <= 0 ? uint8_t{0} : moved >= 255 ? uint8_t{255} : static_cast<uint8_t>(moved);
}

// ITU-R 601-2 luma in 16 bits.
int grey_of(const uint8_t* pixel) {
  return (pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16;
}

// Each channel by a table made of its histogram.
template <typename MakeTable>
Image by_histogram(Image image, const MakeTable& make_table) {
  for (int channel = 0; channel < kChannels; ++channel) {
    Histogram histogram{};
    for (size_t i = static_cast<size_t>(channel); i < image.pixels.size(); i += kChannels) {
      ++histogram[image.pixels[i]];
    }
    const ByteTable table = make_table(histogram);
    for (size_t i = static_cast<size_t>(channel); i < image.pixels.size(); i += kChannels) {
      image.pixels[i] = table[image.pixels[i]];
    }
  }
  return image;
}

ByteTable unchanged() {
  ByteTable table;
  for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<uint8_t>(i);
  return table;
}

ByteTable stretching(const Histogram& histogram) {
  int low = 0, high = 255;
  while (low < 255 && histogram[static_cast<size_t>(low)] == 0) ++low;
  while (high > 0 && histogram[static_cast<size_t>(high)] == 0) --high;
  if (high <= low) return unchanged();
  const double scale = 255.0 / (high - low);
  const double offset = -low * scale;
  ByteTable table;
  for (size_t i = 0; i < table.size(); ++i) {
    table[i] =
        static_cast<uint8_t>(std::clamp(static_cast<int>(static_cast<double>(i) * scale + offset), 0, 255));
  }
  return table;
}

ByteTable evening(const Histogram& histogram) {
  int64_t sum = 0, last = 0, values = 0;
  for (const int64_t count : histogram) {
    sum += count;
    if (count == 0) continue;
    last = count;
    ++values;
  }
  const int64_t step = (sum - last) / 255;
  if (values <= 1 || step == 0) return unchanged();
  ByteTable table;
  int64_t below = step / 2;
  for (size_t i = 0; i < table.size(); ++i) {
    table[i] = static_cast<uint8_t>(std::min<int64_t>(below / step, 255));
    below += histogram[i];
  }
  return table;
}

}  // namespace

Image brightened(Image image, float factor) {
  return mapped(std::move(image), [factor](int value) { return away_from(0, value, factor); });
}

Image coloured(Image image, float factor) {
  for (size_t i = 0; i < image.pixels.size(); i += kChannels) {
    uint8_t* pixel = image.pixels.data() + i;
    const int grey = grey_of(pixel);
    for (int channel = 0; channel < kChannels; ++channel) {
      pixel[channel] = away_from(grey, pixel[channel], factor);
    }
  }
  return image;
}

Image contrasted(Image image, float factor) {
  int64_t sum = 0;
  for (size_t i = 0; i < image.pixels.size(); i += kChannels) sum += grey_of(image.pixels.data() + i);
  const double pixels = static_cast<double>(image.width) * image.height;
  const int mean = static_cast<int>(static_cast<double>(sum) / pixels + 0.5);
  return mapped(std::move(image), [=](int value) { return away_from(mean, value, factor); });
}

Image sharpened(const Image& image, float factor) {
  constexpr int kNeighbours = 1, kCentre = 5, kTotal = 13;
  Image result = image;  // the border is its own smoothed self
  for (int y = 1; y + 1 < image.height; ++y) {
    const uint8_t* above = image.row(y - 1);
    const uint8_t* here = image.row(y);
    const uint8_t* below = image.row(y + 1);
    uint8_t* out = result.row(y);
    for (int x = kChannels; x < (image.width - 1) * kChannels; ++x) {
      const int left = x - kChannels, right = x + kChannels;
      const int around = above[left] + above[x] + above[right] + here[left] + here[right] + below[left] +
                         below[x] + below[right];
      const int smooth = (2 * (kNeighbours * around + kCentre * here[x]) + kTotal) / (2 * kTotal);
      out[x] = away_from(smooth, here[x], factor);
    }
  }
  return result;
}

Image auto_contrasted(Image image) {
  return by_histogram(std::move(image), stretching);
}

Image equalized(Image image) {
  return by_histogram(std::move(image), evening);
}

}  // namespace timetrial
