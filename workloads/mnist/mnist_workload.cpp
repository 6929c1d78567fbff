#include <algorithm>
#include <numeric>

#include "harness/errors/user_error.h"
#include "workloads/classification.h"
#include "workloads/mnist/mnist_model.h"
#include "workloads/mnist/mnist_source.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kName = "mnist";
constexpr int64_t kDefaultEvaluationBatch = 10000;

class MnistWorkload : public Workload {
 public:
  explicit MnistWorkload(WorkloadOptions options)
      : options_(std::move(options)), folder_(data_set_directory(options_, kName)) {
    if (!options_.variant.empty()) {
      throw UserError({"mnist has no variants", "", options_.variant, "leave the variant out"});
    }
    if (options_.tier == Tier::mini) normalisation_.scale = 1.0f / 255.0f;
  }

  LossType loss_type() const override { return LossType::softmax_cross_entropy; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<MnistModel>(options, seeded_generator(options_.device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "net.layer2"); }

  // [batch, 10]
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    return model_->forward(batch.at("inputs").to(options_.device, /*non_blocking=*/true));
  }

  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override {
    return classification_loss(batch, logits, options);
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    return mnist_training(data(), batch_size, seed, normalisation_);
  }

  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    const MnistImages& images = images_of(split);
    // The train split's metrics come from as many examples as there are to validate on.
    const int64_t examples = split == Split::train_evaluation
                                 ? std::min(images.count(), data()->validation.count())
                                 : images.count();
    const auto make = [&](int64_t begin, int64_t count) {
      std::vector<uint32_t> indices(static_cast<size_t>(count));
      std::iota(indices.begin(), indices.end(), static_cast<uint32_t>(begin));
      return gather_mnist_batch(images, indices.data(), count, normalisation_);
    };
    return evaluate_classification(*this, {examples, make}, options_, kDefaultEvaluationBatch);
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    return {generated_images("b4", {4, 1, kMnistSide, kMnistSide}, kMnistClasses)};
  }

  std::string data_set_id() const override { return read_manifest(folder_, kName).id; }

 private:
  std::shared_ptr<const MnistData> data() {
    if (data_ == nullptr) {
      read_manifest(folder_, kName);  // a data set without one was never completed
      data_ = std::make_shared<const MnistData>(options_.training_only
                                                    ? read_mnist_training(training_folder(folder_, kName))
                                                    : read_mnist(folder_));
    }
    return data_;
  }

  const MnistImages& images_of(Split split) {
    data();
    return split == Split::validation ? data_->validation : split == Split::test ? data_->test : data_->train;
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  MnistNormalisation normalisation_;
  std::shared_ptr<MnistModel> model_;
  std::shared_ptr<const MnistData> data_;
};

}  // namespace

std::unique_ptr<Workload> make_mnist(const WorkloadOptions& options) {
  return std::make_unique<MnistWorkload>(options);
}

}  // namespace timetrial
