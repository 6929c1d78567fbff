#include "workloads/fastmri/kspace_synthesis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include <kiss_fftnd.h>

#include "harness/random/split_mix.h"

namespace timetrial {
namespace {

using Complex = std::complex<float>;

constexpr float kTissue = 0.1f;  // of the largest magnitude

class Random {
 public:
  explicit Random(uint64_t seed) : state_(split_mix_bits(seed + 1)) {}

  double uniform() {
    return static_cast<double>(split_mix_bits(state_ += kSplitMixIncrement) >> 11) * 0x1p-53;
  }

  // Two independent normal deviates (Box and Muller 1958).
  std::complex<double> normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return std::polar(radius, 2 * std::numbers::pi * uniform());
  }

 private:
  uint64_t state_;
};

struct Plane {
  int64_t height = 0;
  int64_t width = 0;
  std::vector<float> values;

  // 0 outside.
  float at(int64_t y, int64_t x) const {
    const bool inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? values[static_cast<size_t>(y * width + x)] : 0.0f;
  }
};

int64_t slice_count(const Voxels& voxels, SliceAxis axis) {
  return voxels.size[static_cast<size_t>(axis)];
}

Plane slice_of(const Voxels& voxels, SliceAxis axis, int64_t place) {
  const auto [nx, ny, nz] = voxels.size;
  Plane plane{axis == SliceAxis::z ? ny : nz, axis == SliceAxis::x ? ny : nx, {}};
  for (int64_t i = 0; i < plane.height; ++i) {
    for (int64_t j = 0; j < plane.width; ++j) {
      plane.values.push_back(axis == SliceAxis::x   ? voxels.at(place, j, i)
                             : axis == SliceAxis::y ? voxels.at(j, place, i)
                                                    : voxels.at(j, i, place));
    }
  }
  return plane;
}

bool shows_enough(const Plane& plane, double least_tissue) {
  const auto bright =
      std::count_if(plane.values.begin(), plane.values.end(), [](float v) { return v > kTissue; });
  return static_cast<double>(bright) >= least_tissue * static_cast<double>(plane.values.size());
}

// A random surface of the second degree over [-1, 1]².
class SmoothPhase {
 public:
  explicit SmoothPhase(Random& random) {
    for (auto& coefficient : coefficients_) coefficient = (2 * random.uniform() - 1) * std::numbers::pi;
  }

  double at(double y, double x) const {
    const auto& c = coefficients_;
    return c[0] + c[1] * y + c[2] * x + c[3] * y * y + c[4] * y * x + c[5] * x * x;
  }

 private:
  std::array<double, 6> coefficients_{};
};

// The plane in the middle of a field of rows x columns, with phase and noise.
std::vector<Complex> complex_image(const Plane& plane, const SynthesisOptions& options, Random& random) {
  const SmoothPhase phase(random);
  std::vector<Complex> image;
  image.reserve(static_cast<size_t>(options.rows * options.columns));
  for (int64_t y = 0; y < options.rows; ++y) {
    for (int64_t x = 0; x < options.columns; ++x) {
      const double magnitude =
          plane.at(y - (options.rows - plane.height) / 2, x - (options.columns - plane.width) / 2);
      const double angle = phase.at(2.0 * static_cast<double>(y) / static_cast<double>(options.rows) - 1,
                                    2.0 * static_cast<double>(x) / static_cast<double>(options.columns) - 1);
      image.emplace_back(std::polar(magnitude, angle) + options.noise * random.normal());
    }
  }
  return image;
}

struct Transform {
  Transform(int64_t rows, int64_t columns) {
    const std::array<int, 2> size = {static_cast<int>(rows), static_cast<int>(columns)};
    state.reset(kiss_fftnd_alloc(size.data(), 2, 0, nullptr, nullptr));
  }

  struct Free {
    void operator()(kiss_fftnd_cfg configuration) const { kiss_fft_free(configuration); }
  };
  std::unique_ptr<std::remove_pointer_t<kiss_fftnd_cfg>, Free> state;
};

// The centred, orthonormal discrete Fourier transform: place (rows / 2, columns / 2) is the origin on both
// sides.
std::vector<Complex> centred_transform(const std::vector<Complex>& image, const SynthesisOptions& options,
                                       const Transform& transform) {
  const int64_t rows = options.rows;
  const int64_t columns = options.columns;
  std::vector<kiss_fft_cpx> shifted(image.size());
  std::vector<kiss_fft_cpx> spectrum(image.size());
  const auto place = [&](int64_t y, int64_t x, int64_t dy, int64_t dx) {
    return static_cast<size_t>((y + dy) % rows * columns + (x + dx) % columns);
  };
  for (int64_t y = 0; y < rows; ++y) {
    for (int64_t x = 0; x < columns; ++x) {
      const Complex value = image[place(y, x, rows / 2, columns / 2)];
      shifted[place(y, x, 0, 0)] = {value.real(), value.imag()};
    }
  }
  kiss_fftnd(transform.state.get(), shifted.data(), spectrum.data());
  std::vector<Complex> kspace(image.size());
  const float scale = 1 / std::sqrt(static_cast<float>(rows * columns));
  for (int64_t y = 0; y < rows; ++y) {
    for (int64_t x = 0; x < columns; ++x) {
      const kiss_fft_cpx value = spectrum[place(y, x, 0, 0)];
      kspace[place(y, x, rows / 2, columns / 2)] = {value.r * scale, value.i * scale};
    }
  }
  return kspace;
}

}  // namespace

Voxels half_resolution(const Voxels& voxels) {
  Voxels half;
  for (size_t i = 0; i < 3; ++i) half.size[i] = voxels.size[i] / 2;
  const float largest = *std::max_element(voxels.values.begin(), voxels.values.end());
  for (int64_t z = 0; z < half.size[2]; ++z) {
    for (int64_t y = 0; y < half.size[1]; ++y) {
      for (int64_t x = 0; x < half.size[0]; ++x) {
        float sum = 0;
        for (int64_t i = 0; i < 8; ++i)
          sum += voxels.at(2 * x + (i & 1), 2 * y + (i >> 1 & 1), 2 * z + (i >> 2));
        half.values.push_back(sum / (8 * largest));
      }
    }
  }
  return half;
}

VolumeContents synthesise_kspace(const Voxels& voxels, SliceAxis axis, const SynthesisOptions& options) {
  VolumeContents contents;
  contents.rows = options.rows;
  contents.columns = options.columns;
  contents.height = options.side;
  contents.width = options.side;
  const Transform transform(options.rows, options.columns);
  const int64_t top = (options.rows - options.side) / 2;
  const int64_t left = (options.columns - options.side) / 2;
  for (int64_t place = 0; place < slice_count(voxels, axis); ++place) {
    const Plane plane = slice_of(voxels, axis, place);
    if (!shows_enough(plane, options.least_tissue)) continue;
    Random random(split_mix_bits(options.seed + 1) + static_cast<uint64_t>(place));
    const std::vector<Complex> image = complex_image(plane, options, random);
    const std::vector<Complex> kspace = centred_transform(image, options, transform);
    contents.kspace.insert(contents.kspace.end(), kspace.begin(), kspace.end());
    for (int64_t y = 0; y < options.side; ++y) {
      for (int64_t x = 0; x < options.side; ++x) {
        const float magnitude = std::abs(image[static_cast<size_t>((top + y) * options.columns + left + x)]);
        contents.image.push_back(magnitude);
        contents.maximum = std::max(contents.maximum, static_cast<double>(magnitude));
      }
    }
    ++contents.slices;
  }
  return contents;
}

}  // namespace timetrial
