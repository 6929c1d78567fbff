#include "workloads/imagenet/imagenet_source.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <ATen/ATen.h>

#include "workloads/data/seeded_order.h"
#include "workloads/data/shuffled_epochs.h"
#include "workloads/imagenet/image_transforms.h"
#include "workloads/imagenet/mixup.h"

namespace timetrial {
namespace {

// Keeps the weights of mixup apart from the examples' own numbers.
constexpr uint64_t kMixupStream = 0x6D69787570;

at::Tensor new_inputs(int64_t count, int64_t side, BatchMemory memory) {
  return at::empty({count, kChannels, side, side}, at::TensorOptions()
                                                       .dtype(at::kFloat)
                                                       .memory_format(at::MemoryFormat::ChannelsLast)
                                                       .pinned_memory(memory == BatchMemory::pinned));
}

at::Tensor new_targets(at::IntArrayRef shape, at::ScalarType type, BatchMemory memory) {
  return at::zeros(shape, at::TensorOptions().dtype(type).pinned_memory(memory == BatchMemory::pinned));
}

class ImagenetTraining : public BatchSource {
 public:
  ImagenetTraining(std::shared_ptr<const LabelledImages> images, const ImagenetRecipe& recipe,
                   int64_t batch_size, uint64_t seed, BatchMemory memory)
      : images_(std::move(images)),
        recipe_(recipe),
        normalise_(recipe),
        batch_size_(batch_size),
        seed_(seed),
        memory_(memory),
        epochs_(static_cast<uint32_t>(images_->count()), batch_size, seed) {}

  Task next_task() override {
    const ShuffledEpochs::Pick pick = epochs_.next();
    return [this, pick, epoch = epochs_.position().front()] { return make_batch(pick, epoch); };
  }

  DataPosition position() const override { return epochs_.position(); }
  void seek(const DataPosition& position) override { epochs_.seek(position); }

 private:
  Batch make_batch(const ShuffledEpochs::Pick& pick, int64_t epoch) const {
    const uint32_t* chosen = pick.order->data() + pick.begin;
    at::Tensor inputs = new_inputs(batch_size_, recipe_.crop_side, memory_);
    const int64_t size = kChannels * recipe_.crop_side * recipe_.crop_side;
    auto* values = inputs.data_ptr<float>();
    std::string buffer;
    for (int64_t i = 0; i < batch_size_; ++i) {
      const auto encoded = open_image(images_->bytes(chosen[i], buffer), images_->name(chosen[i]));
      ExampleRandom random(seed_, epoch, chosen[i]);
      normalise_(training_image(*encoded, recipe_, random), values + i * size);
    }
    Batch batch;
    batch.examples = batch_size_;
    if (recipe_.mixup_alpha > 0) {
      const auto weight = static_cast<float>(
          ExampleRandom(seed_ ^ kMixupStream, epoch, pick.begin).beta(recipe_.mixup_alpha));
      mix_with_previous(values, batch_size_, size, weight);
      batch.tensors = {{"inputs", inputs}, {"targets", mixed_targets(chosen, weight)}};
    } else {
      batch.tensors = {{"inputs", inputs}, {"targets", class_numbers(chosen)}};
    }
    return batch;
  }

  at::Tensor class_numbers(const uint32_t* chosen) const {
    at::Tensor targets = new_targets({batch_size_}, at::kLong, memory_);
    for (int64_t i = 0; i < batch_size_; ++i) targets.data_ptr<int64_t>()[i] = images_->label(chosen[i]);
    return targets;
  }

  at::Tensor mixed_targets(const uint32_t* chosen, float weight) const {
    at::Tensor targets = new_targets({batch_size_, recipe_.classes}, at::kFloat, memory_);
    auto* rows = targets.data_ptr<float>();
    for (int64_t i = 0; i < batch_size_; ++i) rows[i * recipe_.classes + images_->label(chosen[i])] = 1.0f;
    mix_with_previous(rows, batch_size_, recipe_.classes, weight);
    return targets;
  }

  std::shared_ptr<const LabelledImages> images_;
  ImagenetRecipe recipe_;
  PixelNormalisation normalise_;
  int64_t batch_size_;
  uint64_t seed_;
  BatchMemory memory_;
  ShuffledEpochs epochs_;
};

std::vector<uint32_t> all_of(const LabelledImages& images) {
  std::vector<uint32_t> order(static_cast<size_t>(images.count()));
  std::iota(order.begin(), order.end(), 0u);
  return order;
}

}  // namespace

std::unique_ptr<BatchSource> imagenet_training(std::shared_ptr<const LabelledImages> images,
                                               const ImagenetRecipe& recipe, int64_t batch_size,
                                               uint64_t seed, BatchMemory memory) {
  return std::make_unique<ImagenetTraining>(std::move(images), recipe, batch_size, seed, memory);
}

ImagenetEvaluation::ImagenetEvaluation(std::shared_ptr<const LabelledImages> images,
                                       std::vector<uint32_t> order, ImagenetRecipe recipe,
                                       EvaluationTransform transform, BatchMemory memory)
    : images_(std::move(images)),
      order_(std::move(order)),
      recipe_(recipe),
      transform_(transform),
      memory_(memory) {}

Batch ImagenetEvaluation::batch(int64_t begin, int64_t count) const {
  const PixelNormalisation normalise(recipe_);
  at::Tensor inputs = new_inputs(count, recipe_.crop_side, memory_);
  at::Tensor targets = new_targets({count}, at::kLong, memory_);
  const int64_t size = kChannels * recipe_.crop_side * recipe_.crop_side;
  std::string buffer;
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t image = order_[static_cast<size_t>(begin + i)];
    const auto encoded = open_image(images_->bytes(image, buffer), images_->name(image));
    float* out = inputs.data_ptr<float>() + i * size;
    if (transform_ == EvaluationTransform::resize_then_crop) {
      normalise(resized_centre(*encoded, recipe_), out);
    } else {
      normalise(bicubic_centre(*encoded, recipe_), out);
    }
    targets.data_ptr<int64_t>()[i] = images_->label(image);
  }
  Batch batch;
  batch.examples = count;
  batch.tensors = {{"inputs", inputs}, {"targets", targets}};
  return batch;
}

ImagenetEvaluation train_evaluation(const ImagenetData& data, const ImagenetRecipe& recipe,
                                    BatchMemory memory) {
  std::vector<uint32_t> order = train_evaluation_part(static_cast<uint32_t>(data.train->count()),
                                                      static_cast<size_t>(recipe.train_evaluation_examples));
  std::sort(order.begin(), order.end());  // reads neighbouring files
  return {data.train, std::move(order), recipe, EvaluationTransform::resize_then_crop, memory};
}

ImagenetEvaluation validation_evaluation(const ImagenetData& data, const ImagenetRecipe& recipe,
                                         BatchMemory memory) {
  return {data.validation, all_of(*data.validation), recipe, EvaluationTransform::resize_then_crop, memory};
}

ImagenetEvaluation test_evaluation(const ImagenetData& data, const ImagenetRecipe& recipe,
                                   BatchMemory memory) {
  return {data.test, all_of(*data.test), recipe, EvaluationTransform::crop_then_resize, memory};
}

}  // namespace timetrial
