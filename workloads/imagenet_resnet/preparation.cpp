#include "workloads/imagenet/imagenet_preparation.h"

namespace timetrial {

std::unique_ptr<DataPreparation> prepare_imagenet_resnet() {
  return imagenet_preparation();
}

}  // namespace timetrial
