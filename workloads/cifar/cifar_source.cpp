#include "workloads/cifar/cifar_source.h"

#include <array>
#include <utility>

#include <ATen/ATen.h>

#include "workloads/data/example_random.h"
#include "workloads/data/shuffled_batches.h"

namespace timetrial {
namespace {

constexpr int64_t kBorder = 4;
constexpr std::array<double, kCifarChannels> kMean = {0.49139968, 0.48215827, 0.44653124};
constexpr std::array<double, kCifarChannels> kDeviation = {0.24703233, 0.24348505, 0.26158768};

using ByteTable = std::array<std::array<float, 256>, kCifarChannels>;

const ByteTable& normalised_bytes() {
  static const ByteTable table = [] {
    ByteTable values{};
    for (size_t channel = 0; channel < values.size(); ++channel) {
      for (size_t byte = 0; byte < 256; ++byte) {
        values[channel][byte] =
            static_cast<float>((static_cast<double>(byte) / 255 - kMean[channel]) / kDeviation[channel]);
      }
    }
    return values;
  }();
  return table;
}

}  // namespace

CifarCrop random_cifar_crop(uint64_t seed, int64_t epoch, int64_t example) {
  ExampleRandom random(seed, epoch, example);
  CifarCrop crop;
  crop.top = random.below(2 * kBorder + 1);
  crop.left = random.below(2 * kBorder + 1);
  crop.mirrored = random.coin();
  return crop;
}

void crop_cifar_image(const uint8_t* values, const CifarCrop& crop, float* out) {
  const ByteTable& table = normalised_bytes();
  const auto inside = [](int64_t place) { return place >= 0 && place < kCifarSide; };
  for (int64_t y = 0; y < kCifarSide; ++y) {
    const int64_t row = y + crop.top - kBorder;
    for (int64_t x = 0; x < kCifarSide; ++x) {
      const int64_t column = (crop.mirrored ? kCifarSide - 1 - x : x) + crop.left - kBorder;
      const bool black = !inside(row) || !inside(column);
      for (int64_t channel = 0; channel < kCifarChannels; ++channel) {
        const uint8_t byte = black ? 0 : values[channel * kCifarPlane + row * kCifarSide + column];
        *out++ = table[static_cast<size_t>(channel)][byte];
      }
    }
  }
}

Batch empty_cifar_batch(int64_t count, bool pinned) {
  Batch batch;
  batch.examples = count;
  const auto options = at::TensorOptions().pinned_memory(pinned);
  batch.tensors["inputs"] = at::empty({count, kCifarChannels, kCifarSide, kCifarSide},
                                      options.dtype(at::kFloat), at::MemoryFormat::ChannelsLast);
  batch.tensors["targets"] = at::empty({count}, options.dtype(at::kLong));
  return batch;
}

Batch cifar_evaluation_batch(const CifarImages& images, int64_t begin, int64_t count, bool pinned) {
  Batch batch = empty_cifar_batch(count, pinned);
  auto* inputs = batch.at("inputs").mutable_data_ptr<float>();
  auto* targets = batch.at("targets").mutable_data_ptr<int64_t>();
  for (int64_t i = 0; i < count; ++i) {
    crop_cifar_image(images.values.data() + (begin + i) * kCifarValues, {}, inputs + i * kCifarValues);
    targets[i] = images.labels[static_cast<size_t>(begin + i)];
  }
  return batch;
}

std::unique_ptr<BatchSource> cifar_training(std::shared_ptr<const CifarData> data, int64_t batch_size,
                                            uint64_t seed, bool pinned) {
  const int64_t examples = data->train.count();
  return shuffled_batches(examples, batch_size, seed,
                          [data = std::move(data), seed, pinned](const ChosenExamples& chosen) {
                            Batch batch = empty_cifar_batch(chosen.count(), pinned);
                            auto* inputs = batch.at("inputs").mutable_data_ptr<float>();
                            auto* targets = batch.at("targets").mutable_data_ptr<int64_t>();
                            for (const uint32_t example : chosen.examples) {
                              crop_cifar_image(data->train.values.data() + example * kCifarValues,
                                               random_cifar_crop(seed, chosen.epoch, example), inputs);
                              inputs += kCifarValues;
                              *targets++ = data->train.labels[example];
                            }
                            return batch;
                          });
}

}  // namespace timetrial
