#pragma once

// All of imagenet_resnet and imagenet_vit but their models.

#include <optional>
#include <string>

#include "workloads/imagenet/imagenet_data.h"
#include "workloads/imagenet/imagenet_recipe.h"
#include "workloads/workload.h"

namespace timetrial {

class ImagenetWorkload : public Workload {
 public:
  LossType loss_type() const override { return LossType::softmax_cross_entropy; }
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) override;
  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override;
  Metrics evaluate(Split split) override;
  std::vector<FingerprintCase> fingerprint_cases() const override;
  std::string data_set_id() const override;

 protected:
  // `recipe`: of the full tier; the mini tier's is derived from it.
  ImagenetWorkload(WorkloadOptions options, std::string name, const ImagenetRecipe& recipe);

  const WorkloadOptions& options() const { return options_; }

 private:
  const ImagenetData& data();

  WorkloadOptions options_;
  std::string name_;
  ImagenetRecipe recipe_;
  std::filesystem::path folder_;
  std::optional<ImagenetData> data_;
};

}  // namespace timetrial
