#pragma once

#include <array>

#include "workloads/data/example_random.h"
#include "workloads/imagenet/image.h"

namespace timetrial {

// torchvision's RandomResizedCrop: up to ten tries of a box with a random share `area` of the image and a
// random width / height in `ratio` (uniform in its logarithm), at a random place; then the largest centred
// box that keeps `ratio`.
PixelBox random_crop(int width, int height, const std::array<double, 2>& area,
                     const std::array<double, 2>& ratio, ExampleRandom& random);

}  // namespace timetrial
