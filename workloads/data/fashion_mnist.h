#pragma once

// Fashion-MNIST (Zalando SE, MIT licence) from its Debian package: the pictures behind several mini tiers.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "workloads/data/idx_file.h"

namespace timetrial {

inline constexpr int64_t kFashionMnistSide = 28;
inline constexpr int64_t kFashionMnistPackageBytes = 30900652;
inline constexpr int64_t kFashionMnistCacheBytes = 31000000;  // the package's tree, unpacked
inline constexpr const char* kFashionMnistPackage =
    "Debian: dataset-fashion-mnist (31 MB, MIT)";  // for people

struct GreyPictures {
  IdxData pixels;  // [count, 28, 28]
  IdxData labels;  // [count]
};

class FashionMnist {
 public:
  // Fetches the package into `cache` unless it is there. `progress` is told stage, bytes done, bytes in all.
  // Throws UserError.
  FashionMnist(const std::filesystem::path& cache,
               const std::function<void(const std::string&, int64_t, int64_t)>& progress);

  // A file by its name in MNIST, plain or .gz. Throws UserError when the package has none.
  std::filesystem::path file(const std::string& name) const;

  // `part`: "train" (60,000 pictures) or "t10k" (10,000). Throws UserError unless there are at least `needed`
  // of 28 x 28.
  GreyPictures read(const std::string& part, int64_t needed) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace timetrial
