#pragma once

#include <filesystem>

#include "workloads/imagenet/image.h"
#include "workloads/imagenet/imagenet_preparation.h"

namespace timetrial {

PreparationPlan mini_imagenet_plan();

// Writes the class folders of the mini tier from the Debian package of Fashion-MNIST, which is fetched into
// `cache`, and returns how many images there are. Throws UserError.
ImagenetCounts write_mini_imagenet(const std::filesystem::path& data_set, const std::filesystem::path& cache,
                                   const PreparationProgress& progress);

// A grey picture of side x side bytes as three equal channels with a black border, `padded` pixels wide.
Image padded_grey(const uint8_t* pixels, int side, int padded);

}  // namespace timetrial
