#include "workloads/imagenet/resampling.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace timetrial {
namespace {

constexpr int32_t kHalf = 1 << (Taps::kWeightBits - 1);

uint8_t byte_of(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> Taps::kWeightBits, 0, 255));
}

void resample_row(const uint8_t* in, const Taps& taps, uint8_t* out) {
  for (int x = 0; x < taps.outputs(); ++x) {
    const uint8_t* pixel = in + (taps.first(x) - taps.begin()) * kChannels;
    const int32_t* weights = taps.weights(x);
    const int count = taps.count(x);
    int32_t red = kHalf, green = kHalf, blue = kHalf;
    for (int i = 0; i < count; ++i) {
      red += pixel[kChannels * i] * weights[i];
      green += pixel[kChannels * i + 1] * weights[i];
      blue += pixel[kChannels * i + 2] * weights[i];
    }
    out[kChannels * x] = byte_of(red);
    out[kChannels * x + 1] = byte_of(green);
    out[kChannels * x + 2] = byte_of(blue);
  }
}

// One output row of `bytes` values from `count` input rows.
void resample_column(const Image& rows, int first, int count, const int32_t* weights, int32_t* sums,
                     int bytes, uint8_t* out) {
  std::fill_n(sums, bytes, kHalf);
  for (int i = 0; i < count; ++i) {
    const uint8_t* in = rows.row(first + i);
    const int32_t weight = weights[i];
    for (int x = 0; x < bytes; ++x) sums[x] += in[x] * weight;
  }
  for (int x = 0; x < bytes; ++x) out[x] = byte_of(sums[x]);
}

struct CubicTaps {
  std::array<int, 4> input;
  std::array<float, 4> weight;
};

// The four inputs around an output's centre.
CubicTaps cubic_taps(int output, int inputs, int outputs) {
  constexpr float kPositions = 1024.0f;
  const float scale = static_cast<float>(inputs) / static_cast<float>(outputs);
  const float centre = (static_cast<float>(output) + 0.5f) * scale - 0.5f;
  const float below = std::floor(centre);
  const float t = std::nearbyint((centre - below) * kPositions) / kPositions;
  const auto near = [](float x) { return ((1.5f * x - 2.5f) * x) * x + 1.0f; };
  const auto far = [](float x) { return ((-0.5f * x + 2.5f) * x - 4.0f) * x + 2.0f; };
  CubicTaps taps{{}, {far(1.0f + t), near(t), near(1.0f - t), far(2.0f - t)}};
  float sum = 0;
  for (int i = 0; i < 4; ++i) {
    const int input = static_cast<int>(below) - 1 + i;
    const auto at = static_cast<size_t>(i);
    if (input < 0 || input >= inputs) taps.weight[at] = 0;
    taps.input[at] = std::clamp(input, 0, inputs - 1);
    sum += taps.weight[at];
  }
  for (float& weight : taps.weight) weight /= sum;
  return taps;
}

}  // namespace

ResizeAxis whole_axis(int inputs, int outputs) {
  return {inputs, 0.0, static_cast<double>(inputs), outputs, 0, outputs};
}

Taps Taps::bilinear(const ResizeAxis& axis) {
  const double scale = (axis.end - axis.begin) / axis.outputs;
  const double support = std::max(scale, 1.0);  // half the triangle's width
  Taps taps;
  taps.stride_ = static_cast<int>(std::ceil(support)) * 2 + 1;
  taps.begin_ = axis.inputs;
  taps.weights_.resize(static_cast<size_t>(axis.count) * static_cast<size_t>(taps.stride_));
  std::vector<double> exact(static_cast<size_t>(taps.stride_));
  for (int i = 0; i < axis.count; ++i) {
    const double centre = axis.begin + (axis.first + i + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int end = std::min(static_cast<int>(centre + support + 0.5), axis.inputs);
    double sum = 0;
    for (int x = first; x < end; ++x) {
      const double weight = std::max(1.0 - std::abs((x + 0.5 - centre) / support), 0.0);
      exact[static_cast<size_t>(x - first)] = weight;
      sum += weight;
    }
    int32_t* weights = taps.weights_.data() + static_cast<ptrdiff_t>(i) * taps.stride_;
    for (int x = first; x < end; ++x) {
      const double share = exact[static_cast<size_t>(x - first)] / sum;
      weights[x - first] = static_cast<int32_t>(share * (1 << kWeightBits) + 0.5);
    }
    taps.first_.push_back(first);
    taps.count_.push_back(end - first);
    taps.begin_ = std::min(taps.begin_, first);
    taps.end_ = std::max(taps.end_, end);
  }
  return taps;
}

Image resample(const Image& part, const Taps& horizontal, const Taps& vertical) {
  Image rows(horizontal.outputs(), part.height);
  for (int y = 0; y < part.height; ++y) resample_row(part.row(y), horizontal, rows.row(y));
  Image result(horizontal.outputs(), vertical.outputs());
  const int bytes = result.width * kChannels;
  std::vector<int32_t> sums(static_cast<size_t>(bytes));
  for (int y = 0; y < result.height; ++y) {
    resample_column(rows, vertical.first(y) - vertical.begin(), vertical.count(y), vertical.weights(y),
                    sums.data(), bytes, result.row(y));
  }
  return result;
}

std::vector<float> resize_bicubic(const Image& image, int side) {
  std::vector<CubicTaps> columns;
  for (int x = 0; x < side; ++x) columns.push_back(cubic_taps(x, image.width, side));
  std::vector<float> result;
  result.reserve(static_cast<size_t>(side) * static_cast<size_t>(side) * kChannels);
  std::vector<float> line(static_cast<size_t>(image.width) * kChannels);
  for (int y = 0; y < side; ++y) {
    const CubicTaps taps = cubic_taps(y, image.height, side);
    std::fill(line.begin(), line.end(), 0.0f);
    for (size_t i = 0; i < taps.input.size(); ++i) {
      const uint8_t* in = image.row(taps.input[i]);
      for (size_t x = 0; x < line.size(); ++x) line[x] += static_cast<float>(in[x]) * taps.weight[i];
    }
    for (const CubicTaps& column : columns) {
      for (size_t channel = 0; channel < kChannels; ++channel) {
        float sum = 0;
        for (size_t i = 0; i < column.input.size(); ++i) {
          sum += line[static_cast<size_t>(column.input[i]) * kChannels + channel] * column.weight[i];
        }
        result.push_back(sum);
      }
    }
  }
  return result;
}

}  // namespace timetrial
