#include "workloads/mnist/mnist_data.h"

#include <algorithm>
#include <cstdio>

#include <zlib.h>

#include "harness/errors/user_error.h"
#include "workloads/data/idx_file.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

std::filesystem::path find_file(const std::filesystem::path& folder, const std::string& name) {
  const std::filesystem::path file = find_plain_or_gzip(folder, name);
  if (file.empty()) {
    throw UserError(
        {"an IDX file is missing", folder.string(), name + " or " + name + ".gz",
         "run `timetrial prepare mnist` for the mini tier; for the full tier put the four official files "
         "of MNIST there"});
  }
  return file;
}

MnistImages read_pair(const std::filesystem::path& folder, const std::string& image_name,
                      const std::string& label_name) {
  const std::filesystem::path image_file = find_file(folder, image_name);
  const std::filesystem::path label_file = find_file(folder, label_name);
  IdxData images = read_idx(image_file, 3);
  IdxData labels = read_idx(label_file, 1);
  if (images.dimensions[1] != kMnistSide || images.dimensions[2] != kMnistSide) {
    throw UserError({"the images are not 28x28", image_file.string(),
                     std::to_string(images.dimensions[1]) + "x" + std::to_string(images.dimensions[2]),
                     "put the official IDX file in its place"});
  }
  if (images.dimensions[0] != labels.dimensions[0]) {
    throw UserError({"there are not as many labels as images", label_file.string(),
                     std::to_string(labels.dimensions[0]) + " labels, " +
                         std::to_string(images.dimensions[0]) + " images",
                     "take both files from the same data set"});
  }
  const auto wrong = std::find_if(labels.values.begin(), labels.values.end(),
                                  [](uint8_t label) { return label >= kMnistClasses; });
  if (wrong != labels.values.end()) {
    throw UserError({"label " + std::to_string(wrong - labels.values.begin()) + " is not between 0 and 9",
                     label_file.string(), std::to_string(*wrong), "put the official IDX file in its place"});
  }
  return {std::move(images.values), std::move(labels.values)};
}

// Cuts the last `count` images off.
MnistImages split_off_end(MnistImages& images, int64_t count) {
  const auto pixel_cut = images.pixels.end() - count * kMnistPixels;
  const auto label_cut = images.labels.end() - count;
  MnistImages end{{pixel_cut, images.pixels.end()}, {label_cut, images.labels.end()}};
  images.pixels.erase(pixel_cut, images.pixels.end());
  images.labels.erase(label_cut, images.labels.end());
  return end;
}

}  // namespace

const std::array<std::string, 4>& mnist_file_names() {
  static const std::array<std::string, 4> names = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                                   "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
  return names;
}

MnistData read_mnist(const std::filesystem::path& folder, int64_t validation_images) {
  const auto& names = mnist_file_names();
  MnistData data;
  data.train = read_pair(folder, names[0], names[1]);
  data.test = read_pair(folder, names[2], names[3]);
  if (data.train.count() <= validation_images) {
    throw UserError({"the training file is too small: its last " + std::to_string(validation_images) +
                         " images are the validation split",
                     (folder / names[0]).string(), std::to_string(data.train.count()) + " images",
                     "put the official IDX file in its place"});
  }
  data.validation = split_off_end(data.train, validation_images);
  return data;
}

MnistData read_mnist_training(const std::filesystem::path& folder) {
  const auto& names = mnist_file_names();
  MnistData data;
  data.train = read_pair(folder, names[0], names[1]);
  return data;
}

void write_mnist_training(const MnistData& data, const std::filesystem::path& folder) {
  const auto& names = mnist_file_names();
  write_whole_file(folder / names[0],
                   idx_bytes({data.train.count(), kMnistSide, kMnistSide}, data.train.pixels));
  write_whole_file(folder / names[1], idx_bytes({data.train.count()}, data.train.labels));
}

std::string mnist_fingerprint(const MnistData& data) {
  uLong crc = crc32_z(0, nullptr, 0);
  for (const MnistImages* images : {&data.train, &data.validation, &data.test}) {
    crc = crc32_z(crc, images->pixels.data(), images->pixels.size());
    crc = crc32_z(crc, images->labels.data(), images->labels.size());
  }
  char text[9];
  std::snprintf(text, sizeof(text), "%08lx", crc);
  return text;
}

}  // namespace timetrial
