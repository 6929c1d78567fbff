#pragma once

// From an opened image to the model's input, by a recipe. Random choices come from the example's own
// generator.

#include <array>
#include <vector>

#include "workloads/data/example_random.h"
#include "workloads/imagenet/encoded_image.h"
#include "workloads/imagenet/image.h"
#include "workloads/imagenet/imagenet_recipe.h"

namespace timetrial {

// Random crop, resize, flip, RandAugment. [crop_side, crop_side]
Image training_image(EncodedImage& encoded, const ImagenetRecipe& recipe, ExampleRandom& random);

// The crop of an image, resized to a square as Pillow does it; decoded at a reduced size where
// `scaled_decode` allows and the reduced crop is not smaller than the square.
Image resized_crop(EncodedImage& encoded, const PixelBox& crop, int side, bool scaled_decode);

// Shorter side to resize_side, then the centre: torchvision's Resize and CenterCrop. Only what the centre
// needs is decoded.
Image resized_centre(EncodedImage& encoded, const ImagenetRecipe& recipe);

// The centre, then bicubic: TensorFlow. Values of 0-255 and a little beyond. [crop_side, crop_side, 3]
std::vector<float> bicubic_centre(EncodedImage& encoded, const ImagenetRecipe& recipe);

void mirror(Image& image);  // left and right change places

// (value - mean) / deviation of each channel.
class PixelNormalisation {
 public:
  explicit PixelNormalisation(const ImagenetRecipe& recipe);

  void operator()(const Image& image, float* out) const;                // out: [height, width, 3]
  void operator()(const std::vector<float>& values, float* out) const;  // [..., 3]

 private:
  std::array<float, kChannels> mean_;
  std::array<float, kChannels> deviation_;
  std::array<std::array<float, 256>, kChannels> table_;
};

}  // namespace timetrial
