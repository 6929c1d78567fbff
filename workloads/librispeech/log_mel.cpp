#include "workloads/librispeech/log_mel.h"

#include <cmath>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr int64_t kWindowSamples = kFrameSamples - 1;
constexpr int64_t kSpectrumPoints = 512;
constexpr int64_t kSpectrumBins = kSpectrumPoints / 2 + 1;
constexpr double kNyquist = 8000;
constexpr double kLowestEdge = 125;
constexpr double kHighestEdge = 7600;
constexpr double kMelScale = 1127;
constexpr double kMelBreak = 700;
constexpr double kPreEmphasis = 0.97;
constexpr double kSampleScale = 0x1p-15;
constexpr double kEnergyFloor = 1e-5;

double mel(double hertz) {
  return kMelScale * std::log(1 + hertz / kMelBreak);
}

// [1, 1, 80, 1], the shape of the reference's buffers
at::Tensor band_buffer(const std::array<float, kMelBands>& values, const at::TensorOptions& options) {
  at::Tensor buffer = at::empty({1, 1, kMelBands, 1}, at::kFloat);
  std::copy(values.begin(), values.end(), buffer.data_ptr<float>());
  return buffer.to(options);
}

}  // namespace

int64_t frame_count(int64_t samples) {
  return samples < kFrameSamples ? 0 : (samples - kFrameSamples) / kFrameStep + 1;
}

at::Tensor mel_weights() {
  const at::Tensor bins =
      at::linspace(0, kNyquist, kSpectrumBins, at::kFloat).narrow(0, 1, kSpectrumBins - 1);
  const at::Tensor bin_mels = ((bins / kMelBreak + 1).log() * kMelScale).unsqueeze(1);
  const at::Tensor edges = at::linspace(mel(kLowestEdge), mel(kHighestEdge), kMelBands + 2, at::kFloat);
  const at::Tensor lower = edges.narrow(0, 0, kMelBands);
  const at::Tensor centre = edges.narrow(0, 1, kMelBands);
  const at::Tensor upper = edges.narrow(0, 2, kMelBands);
  const at::Tensor rising = (bin_mels - lower) / (centre - lower);
  const at::Tensor falling = (upper - bin_mels) / (upper - centre);
  return at::constant_pad_nd(at::minimum(rising, falling).clamp_min(0), {0, 0, 1, 0});
}

LogMel::LogMel(const at::TensorOptions& options)
    : mean_(register_buffer("_normalizer_mean", band_buffer(kMelMeans, options))),
      deviation_(register_buffer("_normalizer_stddev", band_buffer(kMelDeviations, options))),
      weights_(mel_weights().to(options)) {
  const auto stft = register_module("stft", std::make_shared<torch::nn::Module>());
  const at::Tensor window = at::hann_window(kWindowSamples, /*periodic=*/true, at::TensorOptions(at::kFloat));
  window_ = stft->register_buffer("window", window.reshape({1, 1, kWindowSamples, 1}).to(options));
}

at::Tensor LogMel::forward(const at::Tensor& audio) const {
  const at::NoGradGuard no_grad;
  const at::Tensor samples = audio.to(window_.scalar_type()) * kSampleScale;
  // The definition emphasises frame by frame and scales a frame's first sample by 0.03 instead; the window is
  // zero there, so all can be done at once.
  const at::Tensor earlier = at::constant_pad_nd(samples.narrow(1, 0, samples.size(1) - 1), {1, 0});
  const at::Tensor emphasised = samples - earlier * kPreEmphasis;
  const int64_t frames = frame_count(samples.size(1));
  const at::Tensor cut = emphasised.narrow(1, 0, (frames - 1) * kFrameStep + kWindowSamples)
                             .unfold(1, kWindowSamples, kFrameStep);  // [batch, frames, 400]
  const at::Tensor spectrum = at::fft_rfft(cut * window_.reshape(-1), kSpectrumPoints, 2);
  const at::Tensor parts = at::view_as_real(spectrum);
  const at::Tensor power = parts.square().sum(-1);
  const at::Tensor energies = at::matmul(power, weights_);
  return (energies.clamp_min(kEnergyFloor).log() - mean_.reshape(-1)) / deviation_.reshape(-1);
}

}  // namespace timetrial
