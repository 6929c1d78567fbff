#include "workloads/imagenet/labelled_images.h"

#include "workloads/data/whole_file.h"

namespace timetrial {

LabelledImages::LabelledImages(std::filesystem::path folder, ImageIndex index,
                               std::unique_ptr<const PackedImages> packed)
    : folder_(std::move(folder)), index_(std::move(index)), packed_(std::move(packed)) {}

std::string LabelledImages::name(int64_t image) const {
  return (folder_ / index_.class_name(label(image)) / index_.file_name(image)).string();
}

std::string_view LabelledImages::bytes(int64_t image, std::string& buffer) const {
  if (packed_ != nullptr) return packed_->bytes(image);
  buffer = read_whole_file(name(image));
  return buffer;
}

}  // namespace timetrial
