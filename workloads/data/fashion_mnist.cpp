#include "workloads/data/fashion_mnist.h"

#include "harness/errors/user_error.h"
#include "workloads/data/package_download.h"

namespace timetrial {
namespace {

constexpr const char* kName = "dataset-fashion-mnist";
constexpr const char* kFolderInPackage = "usr/share/datasets/fashion-mnist";
constexpr const char* kCure = "install the version of Debian 12, or report this version";

}  // namespace

FashionMnist::FashionMnist(const std::filesystem::path& cache,
                           const std::function<void(const std::string&, int64_t, int64_t)>& progress) {
  progress("downloading", 0, kFashionMnistPackageBytes);
  folder_ = fetch_debian_package(kName, cache) / kFolderInPackage;
  progress("downloading", kFashionMnistPackageBytes, kFashionMnistPackageBytes);
}

std::filesystem::path FashionMnist::file(const std::string& name) const {
  std::filesystem::path found = find_plain_or_gzip(folder_, name);
  if (found.empty()) {
    throw UserError({"the package does not hold the expected file", kName, name, kCure});
  }
  return found;
}

GreyPictures FashionMnist::read(const std::string& part, int64_t needed) const {
  GreyPictures pictures{read_idx(file(part + "-images-idx3-ubyte"), 3),
                        read_idx(file(part + "-labels-idx1-ubyte"), 1)};
  const auto& sizes = pictures.pixels.dimensions;
  if (sizes[0] < needed || pictures.labels.dimensions[0] < needed || sizes[1] != kFashionMnistSide ||
      sizes[2] != kFashionMnistSide) {
    throw UserError(
        {"the package holds other images than expected", kName,
         std::to_string(sizes[0]) + " images of " + std::to_string(sizes[1]) + "x" + std::to_string(sizes[2]),
         kCure});
  }
  return pictures;
}

}  // namespace timetrial
