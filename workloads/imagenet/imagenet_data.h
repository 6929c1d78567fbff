#pragma once

// The data set "imagenet" of two workloads:
//
//   <data directory>/imagenet/<tier>/
//     train/<class>/*.JPEG           class number = place of the folder's name among the sorted names
//     val/<class>/*.JPEG             the same class names
//     imagenet_v2/<number>/*.jpeg    the test split (ImageNet-v2, matched frequency): folders are class
//     numbers;
//                                    its official name imagenetv2-matched-frequency-format-val is taken as
//                                    well
//     train.index, validation.index, test.index, manifest.json   written by `timetrial prepare`
//     train.packed, validation.packed, test.packed               optional: see packed_images.h

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include "workloads/imagenet/labelled_images.h"

namespace timetrial {

inline constexpr const char* kImagenetDataSet = "imagenet";  // folder under the data directory
inline constexpr int64_t kImagenetTrainImages = 1281167;
inline constexpr int64_t kImagenetValidationImages = 50000;
inline constexpr int64_t kImagenetTestImages = 10000;
inline constexpr int64_t kImagenetClasses = 1000;
inline constexpr std::array<const char*, 3> kImagenetSplits = {"train", "validation", "test"};

// Where a split's class folders, index and packed file are.
std::filesystem::path imagenet_split_folder(const std::filesystem::path& data_set, const std::string& split);
std::filesystem::path imagenet_index_file(const std::filesystem::path& data_set, const std::string& split);
std::filesystem::path imagenet_packed_file(const std::filesystem::path& data_set, const std::string& split);

struct ImagenetData {
  std::shared_ptr<const LabelledImages> train;
  std::shared_ptr<const LabelledImages> validation;
  std::shared_ptr<const LabelledImages> test;
};

// Opens a prepared data set. `workload` is named by the message when it is missing. Throws UserError when an
// index is damaged, belongs to another data set than the manifest, or has another number of classes.
ImagenetData open_imagenet(const std::filesystem::path& data_set, const std::string& workload,
                           int64_t classes);

// The training split alone; the others are null and their files need not be readable.
ImagenetData open_imagenet_training(const std::filesystem::path& data_set, const std::string& workload,
                                    int64_t classes);

}  // namespace timetrial
