#include "workloads/mnist/mnist_source.h"

#include <ATen/ATen.h>

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

MnistSource::MnistSource(std::shared_ptr<const MnistData> data, int64_t batch_size, uint64_t seed,
                         MnistNormalisation normalisation)
    : data_(std::move(data)),
      batch_size_(batch_size),
      normalisation_(normalisation),
      epochs_(static_cast<uint32_t>(data_->train.count()), batch_size, seed) {}

BatchSource::Task MnistSource::next_task() {
  return [this, pick = epochs_.next()] {
    return gather_mnist_batch(data_->train, pick.order->data() + pick.begin, batch_size_, normalisation_);
  };
}

}  // namespace timetrial
