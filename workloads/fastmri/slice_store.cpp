#include "workloads/fastmri/slice_store.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "harness/errors/user_error.h"
#include "workloads/fastmri/slice_image.h"

namespace timetrial {

// Where an example's values go.
struct SliceStore::Example {
  float* input;
  float* target;
  float* mean;
  float* deviation;
};

struct SliceStore::Kept {
  Kept(size_t slices, int64_t pixels)
      : made(std::make_unique<std::once_flag[]>(slices)),
        values(std::make_unique_for_overwrite<float[]>(slices * static_cast<size_t>(2 * pixels))),
        scales(slices) {}

  std::unique_ptr<std::once_flag[]> made;
  std::unique_ptr<float[]> values;  // input and target of each slice
  std::vector<SliceScale> scales;
};

SliceStore::SliceStore(std::vector<VolumeFile> volumes, MaskSeeds seeds, int64_t most_kept_bytes)
    : volumes_(std::move(volumes)), seeds_(seeds) {
  for (uint32_t i = 0; i < volumes_.size(); ++i) {
    for (uint32_t slice = 0; slice < volumes_[i].slices; ++slice) places_.push_back({i, slice});
  }
  const int64_t pixels = volumes_.front().height * volumes_.front().width;
  if (size() * 2 * pixels * static_cast<int64_t>(sizeof(float)) <= most_kept_bytes) {
    kept_ = std::make_shared<Kept>(places_.size(), pixels);
  }
}

void SliceStore::make(int64_t index, const Example& out) const {
  const Place place = places_[static_cast<size_t>(index)];
  const VolumeFile& volume = volumes_[place.volume];
  const int64_t pixels = volume.height * volume.width;
  std::vector<std::complex<float>> kspace(static_cast<size_t>(volume.rows * volume.columns));
  read_slice(volume, place.slice, kspace.data(), out.target);
  magnitude_image(volume, kspace.data(), column_mask(volume.columns, seeds_.of(index)), out.input);
  const SliceScale scale = scale_of(out.input, pixels);
  if (!(scale.deviation > 0)) {
    throw UserError({"slice " + std::to_string(place.slice) + " is blank: it cannot be normalised",
                     volume.file.string(), "all pixels are " + std::to_string(scale.mean),
                     "copy or download this file again"});
  }
  normalise_slice(out.input, pixels, scale);
  normalise_slice(out.target, pixels, scale);
  *out.mean = scale.mean;
  *out.deviation = scale.deviation;
}

Batch SliceStore::gather(const uint32_t* indices, int64_t count) const {
  const int64_t height = volumes_.front().height;
  const int64_t width = volumes_.front().width;
  const int64_t pixels = height * width;
  const at::Tensor inputs = at::empty({count, height, width}, at::kFloat);
  const at::Tensor targets = at::empty({count, height, width}, at::kFloat);
  const at::Tensor mean = at::empty({count}, at::kFloat);
  const at::Tensor deviation = at::empty({count}, at::kFloat);
  const at::Tensor maximum = at::empty({count}, at::kFloat);
  for (int64_t i = 0; i < count; ++i) {
    const size_t index = indices[i];
    const Example out{inputs.data_ptr<float>() + i * pixels, targets.data_ptr<float>() + i * pixels,
                      mean.data_ptr<float>() + i, deviation.data_ptr<float>() + i};
    maximum.data_ptr<float>()[i] = volumes_[places_[index].volume].maximum;
    if (kept_ == nullptr) {
      make(static_cast<int64_t>(index), out);
      continue;
    }
    float* values = kept_->values.get() + index * static_cast<size_t>(2 * pixels);
    SliceScale& scale = kept_->scales[index];
    std::call_once(kept_->made[index], [&] {
      make(static_cast<int64_t>(index), {values, values + pixels, &scale.mean, &scale.deviation});
    });
    std::copy_n(values, pixels, out.input);
    std::copy_n(values + pixels, pixels, out.target);
    *out.mean = scale.mean;
    *out.deviation = scale.deviation;
  }
  Batch batch;
  batch.examples = count;
  batch.tensors = {
      {"inputs", inputs}, {"targets", targets}, {"mean", mean}, {"std", deviation}, {"volume_max", maximum}};
  return batch;
}

}  // namespace timetrial
