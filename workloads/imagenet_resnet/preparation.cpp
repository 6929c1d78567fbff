#include "workloads/imagenet/imagenet_preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_imagenet_resnet() {
  return imagenet_preparation();
}

bool holds_back_imagenet_resnet(const std::string& name) {
  return holds_back_imagenet_data_set(name);
}

}  // namespace timetrial
