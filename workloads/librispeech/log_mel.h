#pragma once

#include <torch/nn/module.h>

#include "workloads/librispeech/mel_statistics.h"

namespace timetrial {

inline constexpr int64_t kFrameSamples =
    401;                                    // 25 ms at 16 kHz and one sample more, of which nothing is used
inline constexpr int64_t kFrameStep = 160;  // 10 ms

// Whole frames in `samples` samples.
int64_t frame_count(int64_t samples);

// Weights [257, 80] of triangular bands between 125 and 7600 Hz over the bins of a 512-point spectrum, linear
// in mel = 1127 ln(1 + f / 700); the first bin counts nowhere. Computed in float32, as the reference does in
// every precision.
at::Tensor mel_weights();

// Audio -> normalised logarithms of mel energies: frames of 400 samples every 160, pre-emphasis 0.97, Hann
// window, power spectrum, mel_weights(), ln(max(., 1e-5)), (. - mean) / deviation. Nothing is learned and no
// gradient passes. Buffers "_normalizer_mean", "_normalizer_stddev" and "stft.window", as the reference has
// them.
class LogMel : public torch::nn::Module {
 public:
  explicit LogMel(const at::TensorOptions& options);

  // Samples of 16-bit scale [batch, samples], zero where padded -> [batch, frames, 80] in the options' dtype.
  at::Tensor forward(const at::Tensor& audio) const;

 private:
  at::Tensor mean_;
  at::Tensor deviation_;
  at::Tensor window_;
  at::Tensor weights_;  // no buffer, as it follows from the constants
};

}  // namespace timetrial
