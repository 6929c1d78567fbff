#pragma once

// What happens to an image between its file and the model. Two workloads share the data set, each with a
// recipe of its own. Full sizes: 1,281,167 training, 50,000 validation and 10,000 test images of 1,000
// classes.

#include <array>
#include <cstdint>

namespace timetrial {

struct ImagenetRecipe {
  int64_t classes = 1000;
  int64_t crop_side = 224;    // the model's input
  int64_t resize_side = 256;  // evaluation: the shorter side before the centre crop

  // Training: a random part of the image (share of its area, width / height), resized to crop_side, mirrored
  // half of the time.
  std::array<double, 2> crop_area = {0.08, 1.0};
  std::array<double, 2> crop_ratio = {3.0 / 4.0, 4.0 / 3.0};
  // Training: JPEGs may be decoded at 1/2, 1/4 or 1/8 of their size when the crop stays at least crop_side.
  // Pixels then differ slightly from a whole decode. Evaluation always decodes exactly.
  bool scaled_decode = true;
  bool rand_augment = false;  // two operations on each training image
  double mixup_alpha = 0;     // > 0: every training batch is mixed by a weight from Beta(alpha, alpha)

  // Examples of the train split that its metrics come from: a fixed random choice, never more than there are.
  // The reference takes ceil(50,000 / evaluation batch) whole batches.
  int64_t train_evaluation_examples = 50176;

  std::array<float, 3> mean = {123.675f, 116.28f, 103.53f};  // of values 0-255: (x - mean) / deviation
  std::array<float, 3> deviation = {58.395f, 57.12f, 57.375f};
};

ImagenetRecipe imagenet_resnet_recipe();  // as above
ImagenetRecipe imagenet_vit_recipe();     // + RandAugment, mixup 0.2; 51,200 examples for the train metrics

// The mini tier: 10 classes, 32 x 32 pixels, crops of at least a quarter of the image (less holds no
// garment).
ImagenetRecipe mini_recipe(ImagenetRecipe full);

}  // namespace timetrial
