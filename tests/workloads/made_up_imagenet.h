#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "image_files.h"
#include "workloads/imagenet/imagenet_preparation.h"

namespace timetrial {

inline ImagenetCounts made_up_counts(int classes = 3) {
  return {classes, 4 * classes, 2 * classes, classes};
}

inline void write_file(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

// A data set of `classes` classes (at most 10) in ImageNet's folders: 4 training, 2 validation images and 1
// test image of each, of different sizes.
inline void write_made_up_imagenet(const std::filesystem::path& data_set, int classes = 3) {
  const auto picture = [](int seed) {
    return encode_jpeg(
        photo_like_image(40 + 7 * (seed % 5), 60 - 5 * (seed % 4), static_cast<uint32_t>(seed)), 90);
  };
  int seed = 0;
  for (int label = 0; label < classes; ++label) {
    const std::string name = "n0" + std::to_string(label);
    for (int i = 0; i < 4; ++i) {
      write_file(data_set / "train" / name / (name + "_" + std::to_string(i) + ".JPEG"), picture(++seed));
    }
    for (int i = 0; i < 2; ++i) {
      write_file(data_set / "val" / name / ("val_" + std::to_string(i) + ".JPEG"), picture(++seed));
    }
    write_file(data_set / "imagenet_v2" / std::to_string(label) / "a.jpeg", picture(++seed));
  }
}

inline void index_made_up_imagenet(const std::filesystem::path& data_set, int classes = 3) {
  index_imagenet(data_set, made_up_counts(classes), "made-up", "made-up pictures",
                 [](const std::string&, int64_t, int64_t) {});
}

}  // namespace timetrial
