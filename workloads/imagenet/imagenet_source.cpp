#include "workloads/imagenet/imagenet_source.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <ATen/ATen.h>

#include "workloads/data/seeded_order.h"
#include "workloads/data/shuffled_batches.h"
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

// Makes training batches.
class ImagenetAugmentation {
 public:
  ImagenetAugmentation(std::shared_ptr<const LabelledImages> images, const ImagenetRecipe& recipe,
                       uint64_t seed, BatchMemory memory)
      : images_(std::move(images)), recipe_(recipe), normalise_(recipe), seed_(seed), memory_(memory) {}

  Batch operator()(const ChosenExamples& chosen) const {
    if (recipe_.mixup_alpha > 0) return mixed(chosen);
    Batch batch;
    batch.examples = chosen.count();
    batch.tensors = {{"inputs", images(chosen.examples, chosen.epoch)},
                     {"targets", class_numbers(chosen.examples)}};
    return batch;
  }

 private:
  // Mixup takes every image together with the one before it in the whole batch, which another rank may hold:
  // that one is made here too, in front, and left out in the end.
  Batch mixed(const ChosenExamples& chosen) const {
    const bool whole = chosen.count() == std::ssize(chosen.batch);
    std::vector<uint32_t> wanted(chosen.examples.begin(), chosen.examples.end());
    if (!whole) {
      const bool first = chosen.examples.data() == chosen.batch.data();
      wanted.insert(wanted.begin(), first ? chosen.batch.back() : *(chosen.examples.data() - 1));
    }
    const auto weight = static_cast<float>(
        ExampleRandom(seed_ ^ kMixupStream, chosen.epoch, chosen.place).beta(recipe_.mixup_alpha));
    at::Tensor inputs = images(wanted, chosen.epoch);
    mix_with_previous(inputs.data_ptr<float>(), inputs.size(0), inputs.numel() / inputs.size(0), weight);
    const int64_t skipped = whole ? 0 : 1;
    Batch batch;
    batch.examples = chosen.count();
    batch.tensors = {{"inputs", inputs.narrow(0, skipped, chosen.count())},
                     {"targets", mixed_targets(wanted, weight).narrow(0, skipped, chosen.count())}};
    return batch;
  }

  at::Tensor images(std::span<const uint32_t> wanted, int64_t epoch) const {
    at::Tensor inputs = new_inputs(std::ssize(wanted), recipe_.crop_side, memory_);
    const int64_t size = kChannels * recipe_.crop_side * recipe_.crop_side;
    std::string buffer;
    auto* out = inputs.data_ptr<float>();
    for (const uint32_t image : wanted) {
      const auto encoded = open_image(images_->bytes(image, buffer), images_->name(image));
      ExampleRandom random(seed_, epoch, image);
      normalise_(training_image(*encoded, recipe_, random), out);
      out += size;
    }
    return inputs;
  }

  at::Tensor class_numbers(std::span<const uint32_t> images) const {
    at::Tensor targets = new_targets({std::ssize(images)}, at::kLong, memory_);
    auto* target = targets.data_ptr<int64_t>();
    for (const uint32_t image : images) *target++ = images_->label(image);
    return targets;
  }

  at::Tensor mixed_targets(std::span<const uint32_t> images, float weight) const {
    at::Tensor targets = new_targets({std::ssize(images), recipe_.classes}, at::kFloat, memory_);
    auto* rows = targets.data_ptr<float>();
    auto* row = rows;
    for (const uint32_t image : images) {
      row[images_->label(image)] = 1.0f;
      row += recipe_.classes;
    }
    mix_with_previous(rows, std::ssize(images), recipe_.classes, weight);
    return targets;
  }

  std::shared_ptr<const LabelledImages> images_;
  ImagenetRecipe recipe_;
  PixelNormalisation normalise_;
  uint64_t seed_;
  BatchMemory memory_;
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
  const int64_t count = images->count();
  return shuffled_batches(count, batch_size, seed,
                          ImagenetAugmentation(std::move(images), recipe, seed, memory));
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
