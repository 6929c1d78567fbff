#pragma once

// RandAugment (Cubuk et al. 2019) as the reference runs it: two operations on every image, each drawn from
// the sixteen below, at a fixed strength; geometry by nearest neighbour, uncovered pixels are 128. The pixels
// are those of torchvision on Pillow images.

#include <array>
#include <string_view>

#include "workloads/data/example_random.h"
#include "workloads/imagenet/image.h"

namespace timetrial {

enum class AugmentKind {
  shear_x,       // x + 0.3 y
  shear_y,       // y + 0.3 x
  translate_x,   // by 100 pixels of 224
  translate_y,   // by 100 pixels of 224
  rotate,        // by 30 degrees about the centre
  brightness,    // 1.9 times
  colour,        // 1.9 times as far from its grey
  contrast,      // 1.9 times as far from the mean grey
  sharpness,     // 1.9 times as far from its smoothed self
  posterize,     // the upper 4 bits
  solarize,      // inverts values of 256 and above: nothing
  solarize_add,  // adds 110 to values below 128
  auto_contrast,
  equalize,
  invert,
  cutout  // a grey square of 80 pixels of 224 about a random place
};

inline constexpr int kAugmentKinds = 16;
std::string_view to_string(AugmentKind kind);

// `negative` turns the sign of the first five. `across`, `down` in [0, 1): where a cutout's centre is.
// Distances in pixels shrink with the image below 224 pixels of width, where the reference has none.
struct Augmentation {
  AugmentKind kind = AugmentKind::shear_x;
  bool negative = false;
  double across = 0;
  double down = 0;
};

Image augmented(const Image& image, const Augmentation& augmentation);

// Draws two operations, uniformly and with replacement, and applies them.
Image rand_augmented(Image image, ExampleRandom& random);

}  // namespace timetrial
