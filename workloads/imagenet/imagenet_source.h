#pragma once

// Batches of images for the model:
//   "inputs"   float32 [batch, 3, side, side], normalised, stored channels-last
//   "targets"  int64 [batch], class numbers; with mixup float32 [batch, classes], rows that sum to 1

#include <cstdint>
#include <memory>
#include <vector>

#include "workloads/data/batch_source.h"
#include "workloads/imagenet/imagenet_data.h"
#include "workloads/imagenet/imagenet_recipe.h"

namespace timetrial {

// Where a batch's tensors are made. Pinned memory (for a CUDA device) makes the copy asynchronous.
enum class BatchMemory { pageable, pinned };

// Endless shuffled training batches. Order and augmentation are functions of (seed, epoch, example) alone,
// and of (seed, epoch, batch) for mixup. Position: {epoch, example}; an epoch's rest that is smaller than a
// batch is dropped. Tasks throw UserError for an image that cannot be read or decoded.
std::unique_ptr<BatchSource> imagenet_training(std::shared_ptr<const LabelledImages> images,
                                               const ImagenetRecipe& recipe, int64_t batch_size,
                                               uint64_t seed, BatchMemory memory = BatchMemory::pageable);

// How an evaluation image becomes the model's input. The reference evaluates train and val with torchvision,
// but its test split with TensorFlow, in both of its frameworks.
enum class EvaluationTransform {
  resize_then_crop,  // shorter side to resize_side (bilinear, antialiased, as Pillow), then the centre crop
  crop_then_resize,  // centre square of crop_side / resize_side of the shorter side, then bicubic (Keys,
                     // -0.5) without antialiasing to crop_side, not rounded: tf.image.resize
};

// One split, every example once, in a fixed order. batch() may be called by several threads at once.
class ImagenetEvaluation {
 public:
  ImagenetEvaluation(std::shared_ptr<const LabelledImages> images, std::vector<uint32_t> order,
                     ImagenetRecipe recipe, EvaluationTransform transform,
                     BatchMemory memory = BatchMemory::pageable);

  int64_t examples() const { return static_cast<int64_t>(order_.size()); }

  // Examples [begin, begin + count), targets always class numbers.
  Batch batch(int64_t begin, int64_t count) const;

 private:
  std::shared_ptr<const LabelledImages> images_;
  std::vector<uint32_t> order_;
  ImagenetRecipe recipe_;
  EvaluationTransform transform_;
  BatchMemory memory_;
};

// The evaluations of the reference. train: `recipe.train_evaluation_examples` of the training images, always
// the same ones.
ImagenetEvaluation train_evaluation(const ImagenetData& data, const ImagenetRecipe& recipe,
                                    BatchMemory memory = BatchMemory::pageable);
ImagenetEvaluation validation_evaluation(const ImagenetData& data, const ImagenetRecipe& recipe,
                                         BatchMemory memory = BatchMemory::pageable);
ImagenetEvaluation test_evaluation(const ImagenetData& data, const ImagenetRecipe& recipe,
                                   BatchMemory memory = BatchMemory::pageable);

}  // namespace timetrial
