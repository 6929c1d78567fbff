#pragma once

#include <memory>
#include <string>

#include "workloads/preparation.h"

namespace timetrial {

// The preparation of the data set "imagenet", which imagenet_resnet and imagenet_vit share: their
// prepare_<name>() return this.
//
// Mini: Fashion-MNIST (Zalando SE, MIT licence), 12,000 training, 2,000 validation and 2,000 test images of
// 10 classes as JPEG files of 32 x 32 pixels in ImageNet's folders. Full: lists the folders once, checks the
// counts, decodes one image of every class; writes the indices.
std::unique_ptr<DataPreparation> imagenet_preparation();

struct ImagenetCounts {
  int64_t classes = 0;
  int64_t train = 0;
  int64_t validation = 0;
  int64_t test = 0;
};

// Lists the three splits of `data_set`, checks their counts and one image of every class, and writes the
// index files and the manifest, whose id begins with `id`. Throws UserError telling what was found and
// expected.
void index_imagenet(const std::filesystem::path& data_set, const ImagenetCounts& expected,
                    const std::string& id, const std::string& description,
                    const PreparationProgress& progress);

// Makes the packed file of every split that has none (packed_images.h) from the class folders.
void pack_imagenet(const std::filesystem::path& data_set, const PreparationProgress& progress);

// For held_back.h: of a file or folder of the data set.
bool holds_back_imagenet_data_set(const std::string& name);

}  // namespace timetrial
