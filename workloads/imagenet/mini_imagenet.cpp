#include "workloads/imagenet/mini_imagenet.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "harness/errors/user_error.h"
#include "workloads/data/disk_flush.h"
#include "workloads/data/fashion_mnist.h"
#include "workloads/imagenet/jpeg_file.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kDiskBytes = kFashionMnistCacheBytes + 16000 * 4096;  // with the JPEG files
constexpr auto kSide = static_cast<int>(kFashionMnistSide);
constexpr int kPaddedSide = 32;
constexpr int kQuality = 92;
constexpr ImagenetCounts kMiniCounts = {10, 12000, 2000, 2000};
// Their sorted order is the order of the labels.
constexpr std::array<const char*, 10> kClasses = {"0_t_shirt_top", "1_trouser",   "2_pullover", "3_dress",
                                                  "4_coat",        "5_sandal",    "6_shirt",    "7_sneaker",
                                                  "8_bag",         "9_ankle_boot"};

void write_file(const fs::path& file, const std::string& bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream << bytes;
  stream.close();
  if (!stream) {
    throw UserError({"the file cannot be written", file.string(), strerror(errno),
                     "free space on this disk, or check that you may write there"});
  }
}

// Pictures [begin, end) as files of `folder`, in class folders named by the class or its number.
void write_split(const GreyPictures& pictures, int64_t begin, int64_t end, const fs::path& folder,
                 bool numbered, const PreparationProgress& progress) {
  std::error_code error;
  fs::remove_all(folder, error);  // what an interrupted run left
  for (size_t label = 0; label < kClasses.size(); ++label) {
    fs::create_directories(folder / (numbered ? std::to_string(label) : kClasses[label]), error);
  }
  for (int64_t i = begin; i < end; ++i) {
    const size_t label = pictures.labels.values.at(static_cast<size_t>(i));
    char name[32];
    std::snprintf(name, sizeof(name), "%05lld.JPEG", static_cast<long long>(i));
    const Image image = padded_grey(pictures.pixels.values.data() + i * kSide * kSide, kSide, kPaddedSide);
    write_file(folder / (numbered ? std::to_string(label) : kClasses.at(label)) / name,
               encode_jpeg(image, kQuality));
    progress("images of " + folder.filename().string() + " written", i - begin + 1, end - begin);
  }
}

}  // namespace

PreparationPlan mini_imagenet_plan() {
  return {kFashionMnistPackageBytes, kDiskBytes, {kFashionMnistPackage}};
}

Image padded_grey(const uint8_t* pixels, int side, int padded) {
  Image image(padded, padded);
  const int border = (padded - side) / 2;
  for (int y = 0; y < side; ++y) {
    uint8_t* out = image.row(y + border) + border * kChannels;
    for (int x = 0; x < side; ++x) std::memset(out + x * kChannels, pixels[y * side + x], kChannels);
  }
  return image;
}

ImagenetCounts write_mini_imagenet(const fs::path& data_set, const fs::path& cache,
                                   const PreparationProgress& progress) {
  const FashionMnist package(cache, progress);
  const ImagenetCounts& counts = kMiniCounts;
  const GreyPictures training = package.read("train", counts.train + counts.validation);
  write_split(training, 0, counts.train, data_set / "train", false, progress);
  write_split(training, counts.train, counts.train + counts.validation, data_set / "val", false, progress);
  write_split(package.read("t10k", counts.test), 0, counts.test, data_set / "imagenet_v2", true, progress);
  flush_disk(data_set);
  return counts;
}

}  // namespace timetrial
