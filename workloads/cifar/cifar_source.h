#pragma once

#include <memory>

#include <ATen/core/Tensor.h>

#include "workloads/cifar/cifar_data.h"
#include "workloads/data/batch_source.h"

namespace timetrial {

// Where an image is cut out of itself and four black pixels on every side, and whether it is mirrored.
struct CifarCrop {
  int64_t top = 4;  // 0-8; 4 is the middle: the image as it is
  int64_t left = 4;
  bool mirrored = false;
};

// The crop of an example in an epoch: nine places each way, mirrored half of the time.
CifarCrop random_cifar_crop(uint64_t seed, int64_t epoch, int64_t example);

// Normalises one image: (x / 255 - mean) / deviation by channel. Writes [32, 32, 3].
void crop_cifar_image(const uint8_t* values, const CifarCrop& crop, float* out);

// "inputs" float32 [count, 3, 32, 32], channels-last in memory, and "targets" int64 [count], both for the
// caller to fill. `pinned`: in memory from which a copy to a CUDA device is asynchronous.
Batch empty_cifar_batch(int64_t count, bool pinned);

// Images [begin, begin + count) as they are.
Batch cifar_evaluation_batch(const CifarImages& images, int64_t begin, int64_t count, bool pinned);

// Shuffled training batches of cropped images.
std::unique_ptr<BatchSource> cifar_training(std::shared_ptr<const CifarData> data, int64_t batch_size,
                                            uint64_t seed, bool pinned);

}  // namespace timetrial
