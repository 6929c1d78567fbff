#pragma once

// The images of one split: their encoded bytes and class numbers. They come from a folder of class folders,
// or from a packed file with the same bytes (packed_images.h). Which images there are, and in which order, is
// written in the split's index file, so that a million files are listed once, by `timetrial prepare`.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "workloads/imagenet/image_index.h"
#include "workloads/imagenet/packed_images.h"

namespace timetrial {

// Immutable; every function may be called by several threads at once.
class LabelledImages {
 public:
  // `folder` holds the class folders. `packed`: null when the files are read one by one.
  LabelledImages(std::filesystem::path folder, ImageIndex index, std::unique_ptr<const PackedImages> packed);

  int64_t count() const { return index_.count(); }
  int64_t label(int64_t image) const { return index_.label(image); }

  // The file an image is, or was before it was packed; for messages.
  std::string name(int64_t image) const;

  // The encoded image: in `buffer` when it was read from a file, else in the packed file's memory. Throws
  // UserError naming a file that cannot be read.
  std::string_view bytes(int64_t image, std::string& buffer) const;

 private:
  std::filesystem::path folder_;
  ImageIndex index_;
  std::unique_ptr<const PackedImages> packed_;
};

}  // namespace timetrial
