#include "harness/errors/user_error.h"
#include "workloads/imagenet/imagenet_workload.h"
#include "workloads/layers/resnet.h"
#include "workloads/parameter_kinds.h"

namespace timetrial {
namespace {

constexpr double kLargeInitialScale = 8;

// ResNet-50; the mini tier's is narrow and has one block a stage.
ResNetConfig resnet_config(Tier tier, const std::string& variant) {
  ResNetConfig config;
  if (tier == Tier::mini) {
    config.blocks = {1, 1, 1, 1};
    config.width = 16;
    config.classes = 10;
  }
  if (variant == "silu") {
    config.activation = Activation::silu;
  } else if (variant == "gelu") {
    config.activation = Activation::gelu_tanh;
  } else if (variant == "large_bn_init") {
    config.last_norm_scale = kLargeInitialScale;
  } else if (!variant.empty()) {
    throw UserError({"imagenet_resnet has no such variant", "", variant,
                     "use silu, gelu or large_bn_init, or leave the variant out"});
  }
  return config;
}

class ImagenetResnetWorkload : public ImagenetWorkload {
 public:
  explicit ImagenetResnetWorkload(const WorkloadOptions& options)
      : ImagenetWorkload(options, "imagenet_resnet", imagenet_resnet_recipe()),
        config_(resnet_config(options.tier, options.variant)) {}

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto tensors = at::TensorOptions().dtype(dtype).device(options().device);
    model_ = std::make_shared<ResNet>(config_, tensors, seeded_generator(options().device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "fc"); }

  // [batch, classes]
  at::Tensor forward(const Batch& batch, const ForwardOptions& forward) override {
    model_->train(forward.mode == ForwardMode::train);
    return model_->forward(batch.at("inputs").to(options().device, /*non_blocking=*/true), forward);
  }

 private:
  ResNetConfig config_;
  std::shared_ptr<ResNet> model_;
};

}  // namespace

std::unique_ptr<Workload> make_imagenet_resnet(const WorkloadOptions& options) {
  return std::make_unique<ImagenetResnetWorkload>(options);
}

}  // namespace timetrial
