#pragma once

// One file instead of a million: the encoded bytes of a split's images, one behind the other, read through a
// memory map. Samples are the same, bit by bit, as from the folder, for the bytes are. Little-endian:
//
//   8 bytes "ttimages", 8 bytes digest of the index, uint64 count, uint64 offsets[count + 1], bytes
//
// Offsets count from the beginning of the file.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "workloads/imagenet/image_index.h"

namespace timetrial {

// A packed file held in memory as far as it is used. May be read by several threads at once.
class PackedImages {
 public:
  // Throws UserError when the file is damaged or was not made from `index`.
  PackedImages(const std::filesystem::path& file, const ImageIndex& index);
  ~PackedImages();
  PackedImages(const PackedImages&) = delete;
  PackedImages& operator=(const PackedImages&) = delete;

  std::string_view bytes(int64_t image) const;

 private:
  void check(const std::filesystem::path& file, const ImageIndex& index) const;
  uint64_t number(uint64_t at) const;

  const char* memory_ = nullptr;
  uint64_t size_ = 0;
};

// Packs the files of `index` under `folder` into `file` (written under another name first). `progress` is
// told the images written. Throws UserError for a file that cannot be read, and when the disk is full.
void pack_images(const std::filesystem::path& folder, const ImageIndex& index,
                 const std::filesystem::path& file, const std::function<void(int64_t)>& progress);

}  // namespace timetrial
