#pragma once

#include <string>

#include "workloads/imagenet/image.h"

namespace timetrial {

// The image as a JPEG of three channels, chroma at half the resolution. `quality` 1-100.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace timetrial
