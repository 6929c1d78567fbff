#include <algorithm>

#include "harness/errors/user_error.h"
#include "workloads/cifar/cifar_source.h"
#include "workloads/classification.h"
#include "workloads/layers/resnet.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "cifar";
constexpr int64_t kDefaultEvaluationBatch = 1024;

// ResNet-18 for 32 x 32 pixels; the mini tier's is narrow and has one block a stage.
ResNetConfig resnet_config(Tier tier) {
  ResNetConfig config;
  config.stem = ResNetStem::three_by_three;
  config.block = ResidualBlockKind::basic;
  config.blocks = {2, 2, 2, 2};
  config.classes = kCifarClasses;
  if (tier == Tier::mini) {
    config.blocks = {1, 1, 1, 1};
    config.width = 8;
  }
  return config;
}

class CifarWorkload : public Workload {
 public:
  explicit CifarWorkload(WorkloadOptions options)
      : options_(std::move(options)), folder_(data_set_directory(options_, kName)) {
    if (!options_.variant.empty()) {
      throw UserError({"cifar has no variants", "", options_.variant, "leave the variant out"});
    }
  }

  LossType loss_type() const override { return LossType::softmax_cross_entropy; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<ResNet>(resnet_config(options_.tier), options,
                                      seeded_generator(options_.device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "fc"); }

  // [batch, 10]
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    return model_->forward(batch.at("inputs").to(options_.device, /*non_blocking=*/true), options);
  }

  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override {
    return classification_loss(batch, logits, options);
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    return cifar_training(data(), batch_size, seed, options_.device.is_cuda());
  }

  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    const CifarImages& images = images_of(split);
    // The train split's metrics come from as many examples as there are to validate on.
    const int64_t count = split == Split::train_evaluation
                              ? std::min(images.count(), data()->validation.count())
                              : images.count();
    const auto make = [&](int64_t begin, int64_t size) {
      return cifar_evaluation_batch(images, begin, size, options_.device.is_cuda());
    };
    return evaluate_classification(*this, {count, make}, options_, kDefaultEvaluationBatch);
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    return {generated_images("b4", {4, 3, kCifarSide, kCifarSide}, kCifarClasses)};
  }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  std::shared_ptr<const CifarData> data() {
    if (data_ == nullptr) {
      read_manifest(folder_, kName);  // a data set without one was never completed
      data_ = std::make_shared<const CifarData>(options_.training_only
                                                    ? read_cifar_training(training_folder(folder_, kName))
                                                    : read_cifar(folder_));
    }
    return data_;
  }

  const CifarImages& images_of(Split split) {
    data();
    return split == Split::validation ? data_->validation : split == Split::test ? data_->test : data_->train;
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  std::shared_ptr<ResNet> model_;
  std::shared_ptr<const CifarData> data_;
};

}  // namespace

std::unique_ptr<Workload> make_cifar(const WorkloadOptions& options) {
  return std::make_unique<CifarWorkload>(options);
}

}  // namespace timetrial
