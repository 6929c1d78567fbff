#pragma once

#include <memory>

#include "workloads/preparation.h"

namespace timetrial {

// The preparation of the data set "imagenet", which imagenet_resnet and imagenet_vit share: their
// prepare_<name>() return this.
//
// Mini: Fashion-MNIST (Zalando SE, MIT licence), 12,000 training, 2,000 validation and 2,000 test images of
// 10 classes as JPEG files of 32 x 32 pixels in ImageNet's folders. Full: lists the folders once, checks the
// counts, decodes one image of every class; writes the indices.
std::unique_ptr<DataPreparation> imagenet_preparation();

}  // namespace timetrial
