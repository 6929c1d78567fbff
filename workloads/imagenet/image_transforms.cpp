#include "workloads/imagenet/image_transforms.h"

#include <algorithm>
#include <cmath>

#include "workloads/imagenet/rand_augment.h"
#include "workloads/imagenet/random_crop.h"
#include "workloads/imagenet/resampling.h"

namespace timetrial {
namespace {

constexpr int kReductions[] = {8, 4, 2};

// One axis of a crop [begin, begin + size) at a reduction: which reduced pixels cover it, and the resize from
// them alone, for a resize after a crop sees nothing outside.
struct ReducedAxis {
  ReducedAxis(int begin, int size, int reduction, int outputs) {
    const double from = static_cast<double>(begin) / reduction;
    const double to = static_cast<double>(begin + size) / reduction;
    first = static_cast<int>(from);
    count = static_cast<int>(std::ceil(to)) - first;
    axis = {count, from - first, to - first, outputs, 0, outputs};
  }

  int first = 0;
  int count = 0;
  ResizeAxis axis;
};

int rounded_half_even(double value) {
  return static_cast<int>(std::nearbyint(value));
}

// The middle `crop` of an axis that was resized so that the shorter side is `shorter`.
ResizeAxis centre_axis(int inputs, int shorter_input, const ImagenetRecipe& recipe) {
  // In this order: the longer side is cut to a whole number as torchvision does.
  const auto outputs = static_cast<int>(recipe.resize_side * inputs / shorter_input);
  const auto crop = static_cast<int>(recipe.crop_side);
  ResizeAxis axis = whole_axis(inputs, outputs);
  axis.first = rounded_half_even((outputs - crop) / 2.0);
  axis.count = crop;
  return axis;
}

}  // namespace

Image resized_crop(EncodedImage& encoded, const PixelBox& crop, int side, bool scaled_decode) {
  int reduction = 1;
  if (scaled_decode && encoded.reducible()) {
    for (const int candidate : kReductions) {
      if (reduction == 1 && std::min(crop.width, crop.height) >= candidate * side) reduction = candidate;
    }
  }
  const ReducedAxis columns(crop.left, crop.width, reduction, side);
  const ReducedAxis rows(crop.top, crop.height, reduction, side);
  const Image part = encoded.decode({columns.first, rows.first, columns.count, rows.count}, reduction);
  return resample(part, Taps::bilinear(columns.axis), Taps::bilinear(rows.axis));
}

Image training_image(EncodedImage& encoded, const ImagenetRecipe& recipe, ExampleRandom& random) {
  const PixelBox crop =
      random_crop(encoded.width(), encoded.height(), recipe.crop_area, recipe.crop_ratio, random);
  const bool flip = random.coin();
  Image image = resized_crop(encoded, crop, static_cast<int>(recipe.crop_side), recipe.scaled_decode);
  if (flip) mirror(image);
  return recipe.rand_augment ? rand_augmented(std::move(image), random) : image;
}

Image resized_centre(EncodedImage& encoded, const ImagenetRecipe& recipe) {
  const int shorter = std::min(encoded.width(), encoded.height());
  const Taps columns = Taps::bilinear(centre_axis(encoded.width(), shorter, recipe));
  const Taps rows = Taps::bilinear(centre_axis(encoded.height(), shorter, recipe));
  const PixelBox needed{columns.begin(), rows.begin(), columns.end() - columns.begin(),
                        rows.end() - rows.begin()};
  return resample(encoded.decode(needed, 1), columns, rows);
}

std::vector<float> bicubic_centre(EncodedImage& encoded, const ImagenetRecipe& recipe) {
  const auto share =
      static_cast<float>(static_cast<double>(recipe.crop_side) / static_cast<double>(recipe.resize_side));
  const int shorter = std::min(encoded.width(), encoded.height());
  const int side = std::max(static_cast<int>(share * static_cast<float>(shorter)), 1);
  const PixelBox centre{(encoded.width() - side + 1) / 2, (encoded.height() - side + 1) / 2, side, side};
  return resize_bicubic(encoded.decode(centre, 1), static_cast<int>(recipe.crop_side));
}

void mirror(Image& image) {
  for (int y = 0; y < image.height; ++y) {
    uint8_t* left = image.row(y);
    uint8_t* right = left + (image.width - 1) * kChannels;
    for (; left < right; left += kChannels, right -= kChannels)
      std::swap_ranges(left, left + kChannels, right);
  }
}

// As torchvision: bytes to [0, 1] first.
PixelNormalisation::PixelNormalisation(const ImagenetRecipe& recipe)
    : mean_(recipe.mean), deviation_(recipe.deviation) {
  for (size_t channel = 0; channel < kChannels; ++channel) {
    const float mean = static_cast<float>(static_cast<double>(mean_[channel]) / 255.0);
    const float deviation = static_cast<float>(static_cast<double>(deviation_[channel]) / 255.0);
    for (size_t value = 0; value < table_[channel].size(); ++value) {
      table_[channel][value] = (static_cast<float>(value) / 255.0f - mean) / deviation;
    }
  }
}

void PixelNormalisation::operator()(const Image& image, float* out) const {
  for (size_t i = 0; i < image.pixels.size(); i += kChannels) {
    for (size_t channel = 0; channel < kChannels; ++channel) {
      out[i + channel] = table_[channel][image.pixels[i + channel]];
    }
  }
}

void PixelNormalisation::operator()(const std::vector<float>& values, float* out) const {
  for (size_t i = 0; i < values.size(); i += kChannels) {
    for (size_t channel = 0; channel < kChannels; ++channel) {
      out[i + channel] = (values[i + channel] - mean_[channel]) / deviation_[channel];
    }
  }
}

}  // namespace timetrial
