#pragma once

#include <memory>
#include <vector>

#include "workloads/data/batch_source.h"
#include "workloads/mnist/mnist_data.h"

namespace timetrial {

// Bytes to the model's input: (x * scale - 0.1307) / 0.3081. The definition applies the constants to x in
// 0-255 (scale 1); 1/255 is what they were made for.
struct MnistNormalisation {
  float scale = 1.0f;
};

// Writes count * 784 values.
void normalise_pixels(const uint8_t* pixels, int64_t count, MnistNormalisation normalisation, float* out);

// The examples `indices[0, count)`: "inputs" float32 [count, 1, 28, 28], "targets" int64 [count].
Batch gather_mnist_batch(const MnistImages& images, const uint32_t* indices, int64_t count,
                         MnistNormalisation normalisation);

// Shuffled training batches.
std::unique_ptr<BatchSource> mnist_training(std::shared_ptr<const MnistData> data, int64_t batch_size,
                                            uint64_t seed, MnistNormalisation normalisation);

}  // namespace timetrial
