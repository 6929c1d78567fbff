#include "workloads/mnist/mnist_source.h"

#include <utility>

#include <ATen/ATen.h>

#include "workloads/data/shuffled_batches.h"

namespace timetrial {
namespace {

constexpr float kMean = 0.1307f;
constexpr float kDeviation = 0.3081f;

}  // namespace

void normalise_pixels(const uint8_t* pixels, int64_t count, MnistNormalisation normalisation, float* out) {
  const float scale = normalisation.scale;
  for (int64_t i = 0; i < count * kMnistPixels; ++i) {
    out[i] = (static_cast<float>(pixels[i]) * scale - kMean) / kDeviation;
  }
}

Batch gather_mnist_batch(const MnistImages& images, const uint32_t* indices, int64_t count,
                         MnistNormalisation normalisation) {
  Batch batch;
  batch.examples = count;
  at::Tensor inputs = at::empty({count, 1, kMnistSide, kMnistSide}, at::kFloat);
  at::Tensor targets = at::empty({count}, at::kLong);
  float* input = inputs.data_ptr<float>();
  int64_t* target = targets.data_ptr<int64_t>();
  for (int64_t i = 0; i < count; ++i) {
    normalise_pixels(images.pixels.data() + indices[i] * kMnistPixels, 1, normalisation,
                     input + i * kMnistPixels);
    target[i] = images.labels[indices[i]];
  }
  batch.tensors = {{"inputs", inputs}, {"targets", targets}};
  return batch;
}

std::unique_ptr<BatchSource> mnist_training(std::shared_ptr<const MnistData> data, int64_t batch_size,
                                            uint64_t seed, MnistNormalisation normalisation) {
  const int64_t examples = data->train.count();
  return shuffled_batches(
      examples, batch_size, seed, [data = std::move(data), normalisation](const ChosenExamples& chosen) {
        return gather_mnist_batch(data->train, chosen.examples.data(), chosen.count(), normalisation);
      });
}

}  // namespace timetrial
