#pragma once

#include "workloads/imagenet/encoded_image.h"

namespace timetrial {

std::unique_ptr<EncodedImage> open_png(std::string_view bytes, const std::string& name);

}  // namespace timetrial
