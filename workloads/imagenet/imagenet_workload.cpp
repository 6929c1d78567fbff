#include "workloads/imagenet/imagenet_workload.h"

#include <utility>

#include "workloads/classification.h"
#include "workloads/imagenet/imagenet_source.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

constexpr int64_t kDefaultEvaluationBatch = 256;

BatchMemory memory_for(const WorkloadOptions& options) {
  return options.device.is_cuda() ? BatchMemory::pinned : BatchMemory::pageable;
}

}  // namespace

ImagenetWorkload::ImagenetWorkload(WorkloadOptions options, std::string name, const ImagenetRecipe& recipe)
    : options_(std::move(options)),
      name_(std::move(name)),
      recipe_(options_.tier == Tier::mini ? mini_recipe(recipe) : recipe),
      folder_(data_set_directory(options_, kImagenetDataSet)) {}

Loss ImagenetWorkload::loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) {
  return classification_loss(batch, logits, options);
}

const ImagenetData& ImagenetWorkload::data() {
  const auto open = options_.training_only ? open_imagenet_training : open_imagenet;
  if (!data_) data_ = open(folder_, name_, recipe_.classes);
  return *data_;
}

std::unique_ptr<BatchSource> ImagenetWorkload::training_data(int64_t batch_size, uint64_t seed) {
  return imagenet_training(data().train, recipe_, batch_size, seed, memory_for(options_));
}

Metrics ImagenetWorkload::evaluate(Split split) {
  require_evaluation_data(options_);
  const auto open = split == Split::train_evaluation ? train_evaluation
                    : split == Split::validation     ? validation_evaluation
                                                     : test_evaluation;
  const ImagenetEvaluation examples = open(data(), recipe_, memory_for(options_));
  const auto make = [&](int64_t begin, int64_t count) { return examples.batch(begin, count); };
  return evaluate_classification(*this, {examples.examples(), make}, options_, kDefaultEvaluationBatch);
}

std::vector<FingerprintCase> ImagenetWorkload::fingerprint_cases() const {
  return {generated_images("small64", {4, 3, 64, 64}, recipe_.classes),
          generated_images("full224", {2, 3, 224, 224}, recipe_.classes)};
}

std::string ImagenetWorkload::data_set_id() const {
  return read_manifest(folder_, name_).id;
}

}  // namespace timetrial
