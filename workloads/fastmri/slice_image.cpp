#include "workloads/fastmri/slice_image.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

using Complex = std::complex<float>;

constexpr float kClip = 6.0f;

Complex* data_of(const at::Tensor& tensor) {
  return reinterpret_cast<Complex*>(tensor.data_ptr<c10::complex<float>>());
}

// Where index i of a centred axis lies in the order that the transform knows (origin first): i - size / 2.
int64_t uncentred(int64_t i, int64_t size) {
  return (i + size - size / 2) % size;
}

// Each line of `lines` [count, length] transformed.
at::Tensor transform_lines(const at::Tensor& lines) {
  return at::fft_ifft(lines, std::nullopt, 1, "ortho");
}

}  // namespace

void magnitude_image(const VolumeFile& volume, const Complex* kspace, const std::vector<uint8_t>& mask,
                     float* image) {
  const at::NoGradGuard no_grad;
  const auto [rows, columns, height, width] =
      std::array{volume.rows, volume.columns, volume.height, volume.width};
  std::vector<int64_t> kept;
  for (int64_t i = 0; i < columns; ++i) {
    if (mask[static_cast<size_t>(i)] != 0) kept.push_back(i);
  }
  const auto lines = static_cast<int64_t>(kept.size());
  if (lines == 0) {
    std::fill_n(image, height * width, 0.0f);
    return;
  }

  // Kept columns as lines. A column that is 0 everywhere stays 0.
  at::Tensor along_rows = at::empty({lines, rows}, at::kComplexFloat);
  Complex* line = data_of(along_rows);
  for (int64_t row = 0; row < rows; ++row) {
    const Complex* source = kspace + row * columns;
    Complex* target = line + uncentred(row, rows);
    for (int64_t i = 0; i < lines; ++i) target[i * rows] = source[kept[static_cast<size_t>(i)]];
  }
  along_rows = transform_lines(along_rows);
  line = data_of(along_rows);

  // Rows of the centre, back in their places.
  at::Tensor along_columns = at::zeros({height, columns}, at::kComplexFloat);
  Complex* target = data_of(along_columns);
  for (int64_t y = 0; y < height; ++y) {
    const int64_t row = uncentred((rows - height) / 2 + y, rows);
    for (int64_t i = 0; i < lines; ++i) {
      target[y * columns + uncentred(kept[static_cast<size_t>(i)], columns)] = line[i * rows + row];
    }
  }
  along_columns = transform_lines(along_columns);
  const Complex* source = data_of(along_columns);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const Complex value = source[y * columns + uncentred((columns - width) / 2 + x, columns)];
      image[y * width + x] = std::sqrt(value.real() * value.real() + value.imag() * value.imag());
    }
  }
}

SliceScale scale_of(const float* image, int64_t pixels) {
  double sum = 0;
  for (int64_t i = 0; i < pixels; ++i) sum += image[i];
  const double mean = sum / static_cast<double>(pixels);
  double squares = 0;
  for (int64_t i = 0; i < pixels; ++i) squares += (image[i] - mean) * (image[i] - mean);
  return {static_cast<float>(mean), static_cast<float>(std::sqrt(squares / static_cast<double>(pixels)))};
}

void normalise_slice(float* image, int64_t pixels, SliceScale scale) {
  for (int64_t i = 0; i < pixels; ++i) {
    image[i] = std::clamp((image[i] - scale.mean) / scale.deviation, -kClip, kClip);
  }
}

}  // namespace timetrial
