#include "workloads/librispeech/speech_fingerprint.h"

#include <cmath>
#include <numbers>

#include <ATen/ATen.h>

#include "workloads/fingerprint/generated_tensor.h"
#include "workloads/fingerprint/generator.h"

namespace timetrial {
namespace {

constexpr int64_t kExamples = 2;
constexpr int64_t kTargets = 8;
constexpr double kSampleRate = 16000;

double tone(double amplitude, double hertz, int64_t sample) {
  return amplitude * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(sample) / kSampleRate);
}

// Rounded once, from double.
at::Tensor tones(int64_t samples) {
  at::Tensor audio = at::empty({kExamples, samples}, at::kFloat);
  float* out = audio.data_ptr<float>();
  for (int64_t e = 0; e < kExamples; ++e) {
    const auto example = static_cast<double>(e);
    for (int64_t t = 0; t < samples; ++t) {
      const int64_t i = e * samples + t;
      out[i] =
          static_cast<float>(tone(8000, 440 - 140 * example, t) + tone(4000, 1234.5 + 765.5 * example, t) +
                             1000 * generated_uniform(1001, static_cast<uint64_t>(i)));
    }
  }
  return audio;
}

}  // namespace

FingerprintCase speech_fingerprint_case(const std::string& name, int64_t samples, int64_t end,
                                        int64_t pieces) {
  const at::Tensor input_paddings = at::zeros({kExamples, samples}, at::kFloat);
  input_paddings[1].slice(0, end).fill_(1);
  const at::Tensor target_paddings = at::zeros({kExamples, kTargets}, at::kFloat);
  target_paddings[0].slice(0, 6).fill_(1);
  target_paddings[1].slice(0, 4).fill_(1);
  const at::Tensor targets = hash_tensor(1002, {kExamples, kTargets}, static_cast<uint32_t>(pieces - 1)) + 1;
  Batch batch;
  batch.examples = kExamples;
  batch.tensors = {{"inputs", tones(samples)},
                   {"input_paddings", input_paddings},
                   {"targets", targets * target_paddings.eq(0)},
                   {"target_paddings", target_paddings}};
  return {.name = name,
          .batch = batch,
          .soft_targets = false,
          .always_masked = false,
          .reference_names = {{"inputs", "inputs.0"},
                              {"input_paddings", "inputs.1"},
                              {"targets", "targets.0"},
                              {"target_paddings", "targets.1"}}};
}

}  // namespace timetrial
