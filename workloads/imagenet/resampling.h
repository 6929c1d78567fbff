#pragma once

// Separable resampling of images.

#include <cstdint>
#include <vector>

#include "workloads/imagenet/image.h"

namespace timetrial {

// One axis of a resize: inputs [begin, end), which need not be whole, become `outputs` samples, of which only
// [first, first + count) are made. Inputs outside [0, inputs) do not exist.
struct ResizeAxis {
  int inputs = 0;
  double begin = 0;
  double end = 0;
  int outputs = 0;
  int first = 0;
  int count = 0;
};

// A whole axis: `inputs` samples become `outputs`.
ResizeAxis whole_axis(int inputs, int outputs);

// Which inputs a sample is made of, and by what weights: fixed point with kWeightBits after the point.
class Taps {
 public:
  static constexpr int kWeightBits = 22;

  // A triangle that is as wide as the reduction (antialiased), with Pillow's rounding.
  static Taps bilinear(const ResizeAxis& axis);

  int outputs() const { return static_cast<int>(first_.size()); }
  int first(int output) const { return first_[static_cast<size_t>(output)]; }
  int count(int output) const { return count_[static_cast<size_t>(output)]; }
  const int32_t* weights(int output) const {
    return weights_.data() + static_cast<ptrdiff_t>(output) * stride_;
  }

  // All outputs together need the inputs [begin(), end()).
  int begin() const { return begin_; }
  int end() const { return end_; }

 private:
  int stride_ = 0;
  int begin_ = 0;
  int end_ = 0;
  std::vector<int> first_;
  std::vector<int> count_;
  std::vector<int32_t> weights_;
};

// Rows first, then columns, rounded to bytes after each, as Pillow does: the result is that of
// Image.resize(…, BILINEAR, box). `part` holds the inputs [begin, end) of both axes.
Image resample(const Image& part, const Taps& horizontal, const Taps& vertical);

// A square of `side` by bicubic interpolation (Keys, -0.5; half-pixel centres, positions rounded to 1/1024,
// no antialiasing, weights outside the image left out): tf.image.resize(BICUBIC). Not rounded: may lie
// outside 0-255. [side, side, 3]
std::vector<float> resize_bicubic(const Image& image, int side);

}  // namespace timetrial
