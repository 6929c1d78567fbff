#include "workloads/librispeech/speech_batch.h"

#include <algorithm>
#include <string>
#include <utility>

#include <ATen/ATen.h>

#include "harness/errors/user_error.h"
#include "workloads/data/shuffled_batches.h"
#include "workloads/librispeech/log_mel.h"

namespace timetrial {
namespace {

constexpr int64_t kLongestTarget = kLargestTranscript;  // tokens
constexpr int64_t kFrameMultiple = 4;                   // of both halvings of the frames

at::Tensor filled(at::IntArrayRef shape, double value, at::ScalarType dtype, bool pinned) {
  return at::full(shape, value, at::TensorOptions().dtype(dtype).pinned_memory(pinned));
}

void copy_audio(const Utterance& utterance, float* samples, float* paddings) {
  const std::vector<float> audio = read_flac(utterance.flac);
  if (static_cast<int64_t>(audio.size()) != utterance.samples) {
    throw UserError({"an utterance has another length than when the data set was opened",
                     utterance.flac.string(), std::to_string(audio.size()) + " samples",
                     "leave the data alone while a trial runs; check it with `timetrial prepare`"});
  }
  std::copy(audio.begin(), audio.end(), samples);
  std::fill(paddings, paddings + audio.size(), 0.0f);
}

void copy_tokens(const Utterance& utterance, int64_t width, int64_t* targets, float* paddings) {
  if (static_cast<int64_t>(utterance.tokens.size()) > width) {
    throw UserError({"a transcript has more than " + std::to_string(kLongestTarget) + " tokens",
                     utterance.flac.string(), std::to_string(utterance.tokens.size()),
                     "leave the utterance out"});
  }
  std::copy(utterance.tokens.begin(), utterance.tokens.end(), targets);
  std::fill(paddings, paddings + utterance.tokens.size(), 0.0f);
}

at::Tensor mask_draws(const ChosenExamples& chosen, const SpectrumMasks& masks, uint64_t seed, bool pinned) {
  const at::Tensor draws = filled({chosen.count(), masks.draws()}, 0, at::kFloat, pinned);
  auto* row = draws.data_ptr<float>();
  for (const uint32_t example : chosen.examples) {
    ExampleRandom random(seed, chosen.epoch, example);
    draw_spectrum_masks(masks, random, row);
    row += masks.draws();
  }
  return draws;
}

}  // namespace

int64_t batch_samples(int64_t longest_utterance, BatchLength length) {
  constexpr int64_t kSilentFrames = 2;  // that the first convolution sees after the last frame of speech
  const int64_t all = frame_count(kLargestUtterance);
  if (length == BatchLength::full) return kLargestUtterance;
  int64_t frames = (longest_utterance + kFrameStep - 1) / kFrameStep + kSilentFrames;
  frames += ((all - frames) % kFrameMultiple + kFrameMultiple) % kFrameMultiple;
  if (frames >= all) return kLargestUtterance;
  return (frames - 1) * kFrameStep + kFrameSamples;
}

Batch speech_batch(const std::vector<Utterance>& utterances, const uint32_t* chosen, int64_t count,
                   const SpeechBatchOptions& options) {
  int64_t longest = 0;
  int64_t tokens = 1;
  for (int64_t i = 0; i < count; ++i) {
    longest = std::max(longest, utterances[chosen[i]].samples);
    tokens = std::max(tokens, static_cast<int64_t>(utterances[chosen[i]].tokens.size()));
  }
  const int64_t samples = batch_samples(longest, options.length);
  const int64_t width =
      options.length == BatchLength::full ? kLongestTarget : std::min(tokens, kLongestTarget);
  const at::Tensor inputs = filled({count, samples}, 0, at::kFloat, options.pinned);
  const at::Tensor input_paddings = filled({count, samples}, 1, at::kFloat, options.pinned);
  const at::Tensor targets = filled({count, width}, 0, at::kLong, options.pinned);
  const at::Tensor target_paddings = filled({count, width}, 1, at::kFloat, options.pinned);
  for (int64_t i = 0; i < count; ++i) {
    const Utterance& utterance = utterances[chosen[i]];
    copy_audio(utterance, inputs.data_ptr<float>() + i * samples,
               input_paddings.data_ptr<float>() + i * samples);
    copy_tokens(utterance, width, targets.data_ptr<int64_t>() + i * width,
                target_paddings.data_ptr<float>() + i * width);
  }
  Batch batch;
  batch.examples = count;
  batch.tensors = {{"inputs", inputs},
                   {"input_paddings", input_paddings},
                   {"targets", targets},
                   {"target_paddings", target_paddings}};
  return batch;
}

std::unique_ptr<BatchSource> speech_training(std::shared_ptr<const UtteranceSplit> split,
                                             const SpectrumMasks& masks, const SpeechBatchOptions& options,
                                             int64_t batch_size, uint64_t seed) {
  const auto count = static_cast<int64_t>(split->utterances.size());
  return shuffled_batches(count, batch_size, seed,
                          [split = std::move(split), masks, options, seed](const ChosenExamples& chosen) {
                            Batch batch = speech_batch(split->utterances, chosen.examples.data(),
                                                       chosen.count(), options);
                            batch.tensors["mask_draws"] = mask_draws(chosen, masks, seed, options.pinned);
                            return batch;
                          });
}

}  // namespace timetrial
