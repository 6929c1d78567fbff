#pragma once

// A batch of utterances:
//   "inputs"           float32 [batch, samples], 16 kHz, 16-bit scale, zero after an utterance's end
//   "input_paddings"   float32 [batch, samples], 1 after the end
//   "targets"          int64 [batch, tokens], SentencePiece ids, the last </s>; 0 after the end
//   "target_paddings"  float32 [batch, tokens], 1 after the end
//   "mask_draws"       float32 [batch, draws], in training: see spectrum_augmentation.h

#include <cstdint>
#include <memory>
#include <vector>

#include "workloads/data/batch_source.h"
#include "workloads/librispeech/spectrum_augmentation.h"
#include "workloads/librispeech/utterances.h"

namespace timetrial {

// How far a batch reaches. AlgoPerf's are always 20 s and 256 tokens long. `longest_utterance` ends it after
// its longest utterance, where no output of a real frame changes: two frames of silence follow, and the
// number of frames stays what 20 s leave on division by four, which decides where convolutions put their
// zeros.
enum class BatchLength { full, longest_utterance };

struct SpeechBatchOptions {
  BatchLength length = BatchLength::longest_utterance;
  bool pinned = false;  // memory for asynchronous copies to a CUDA device
};

// Samples of a batch whose longest utterance has so many.
int64_t batch_samples(int64_t longest_utterance, BatchLength length);

// The chosen utterances, read and decoded, without mask draws. Throws UserError for a file that cannot be
// read or has another length than its header said.
Batch speech_batch(const std::vector<Utterance>& utterances, const uint32_t* chosen, int64_t count,
                   const SpeechBatchOptions& options);

// Shuffled training batches. Order and masks are functions of (seed, epoch, example) alone.
std::unique_ptr<BatchSource> speech_training(std::shared_ptr<const UtteranceSplit> split,
                                             const SpectrumMasks& masks, const SpeechBatchOptions& options,
                                             int64_t batch_size, uint64_t seed);

}  // namespace timetrial
