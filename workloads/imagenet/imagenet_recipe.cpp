#include "workloads/imagenet/imagenet_recipe.h"

namespace timetrial {

ImagenetRecipe imagenet_resnet_recipe() {
  return {};
}

ImagenetRecipe imagenet_vit_recipe() {
  ImagenetRecipe recipe;
  recipe.rand_augment = true;
  recipe.mixup_alpha = 0.2;
  recipe.train_evaluation_examples = 51200;
  return recipe;
}

ImagenetRecipe mini_recipe(ImagenetRecipe full) {
  full.classes = 10;
  full.crop_side = 32;
  full.resize_side = 36;
  full.crop_area = {0.25, 1.0};
  full.train_evaluation_examples = 2000;
  return full;
}

}  // namespace timetrial
