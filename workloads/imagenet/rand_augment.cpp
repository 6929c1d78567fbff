#include "workloads/imagenet/rand_augment.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "workloads/imagenet/geometric_augment.h"
#include "workloads/imagenet/tone_augment.h"

namespace timetrial {
namespace {

constexpr int kOperations = 2;
constexpr double kShear = 0.3;
constexpr double kDegrees = 30;
constexpr double kFullSide = 224;
constexpr double kShift = 100;
constexpr double kCutoutSide = 80;
constexpr float kEnhancement = 1.9f;
constexpr int kPosterizeMask = 0xF0;
constexpr int kAddition = 110;

// A distance of the full-size recipe on this image.
int scaled(double pixels, const Image& image) {
  return static_cast<int>(std::nearbyint(pixels * std::min(1.0, image.width / kFullSide)));
}

}  // namespace

std::string_view to_string(AugmentKind kind) {
  static constexpr std::array<std::string_view, kAugmentKinds> names = {
      "ShearX",       "ShearY",   "TranslateX", "TranslateY", "Rotate",   "Brightness",
      "Color",        "Contrast", "Sharpness",  "Posterize",  "Solarize", "SolarizeAdd",
      "AutoContrast", "Equalize", "Invert",     "Cutout"};
  return names[static_cast<size_t>(kind)];
}

Image augmented(const Image& image, const Augmentation& augmentation) {
  const double sign = augmentation.negative ? -1.0 : 1.0;
  switch (augmentation.kind) {
    case AugmentKind::shear_x:
      return transformed(image, {1, sign * kShear, 0, 0, 1, 0});
    case AugmentKind::shear_y:
      return transformed(image, {1, 0, 0, sign * kShear, 1, 0});
    case AugmentKind::translate_x:
      return transformed(image, {1, 0, -sign * scaled(kShift, image), 0, 1, 0});
    case AugmentKind::translate_y:
      return transformed(image, {1, 0, 0, 0, 1, -sign * scaled(kShift, image)});
    case AugmentKind::rotate:
      return transformed(image, rotation(image, sign * kDegrees));
    case AugmentKind::brightness:
      return brightened(image, kEnhancement);
    case AugmentKind::colour:
      return coloured(image, kEnhancement);
    case AugmentKind::contrast:
      return contrasted(image, kEnhancement);
    case AugmentKind::sharpness:
      return sharpened(image, kEnhancement);
    case AugmentKind::posterize:
      return mapped(image, [](int value) { return value & kPosterizeMask; });
    case AugmentKind::solarize:
      return image;
    case AugmentKind::solarize_add:
      return mapped(image, [](int value) { return value < 128 ? std::min(value + kAddition, 255) : value; });
    case AugmentKind::auto_contrast:
      return auto_contrasted(image);
    case AugmentKind::equalize:
      return equalized(image);
    case AugmentKind::invert:
      return mapped(image, [](int value) { return 255 - value; });
    case AugmentKind::cutout:
      return cut_out(image, augmentation.across, augmentation.down, scaled(kCutoutSide, image));
  }
  throw std::logic_error("unknown augmentation");
}

Image rand_augmented(Image image, ExampleRandom& random) {
  for (int i = 0; i < kOperations; ++i) {
    // Always four draws: the second operation does not depend on what the first one used.
    Augmentation augmentation;
    augmentation.kind = static_cast<AugmentKind>(random.below(kAugmentKinds));
    augmentation.negative = random.coin();
    augmentation.across = random.uniform();
    augmentation.down = random.uniform();
    image = augmented(image, augmentation);
  }
  return image;
}

}  // namespace timetrial
