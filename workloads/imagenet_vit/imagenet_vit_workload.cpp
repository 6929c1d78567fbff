#include "workloads/imagenet/imagenet_workload.h"
#include "workloads/imagenet_vit/vit.h"
#include "workloads/parameter_kinds.h"

namespace timetrial {
namespace {

class ImagenetVitWorkload : public ImagenetWorkload {
 public:
  explicit ImagenetVitWorkload(const WorkloadOptions& options)
      : ImagenetWorkload(options, "imagenet_vit", imagenet_vit_recipe()),
        config_(vit_config(options.tier == Tier::mini, options.variant)) {}

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto tensors = at::TensorOptions().dtype(dtype).device(options().device);
    model_ = std::make_shared<Vit>(config_, tensors, seeded_generator(options().device, seed));
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "head"); }

  // [batch, classes]; dropout 0 unless asked for
  at::Tensor forward(const Batch& batch, const ForwardOptions& forward) override {
    model_->train(forward.mode == ForwardMode::train);
    return model_->forward(batch.at("inputs").to(options().device, /*non_blocking=*/true), forward);
  }

 private:
  VitConfig config_;
  std::shared_ptr<Vit> model_;
};

}  // namespace

std::unique_ptr<Workload> make_imagenet_vit(const WorkloadOptions& options) {
  return std::make_unique<ImagenetVitWorkload>(options);
}

}  // namespace timetrial
