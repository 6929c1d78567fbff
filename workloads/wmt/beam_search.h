#pragma once

// Beam search as AlgoPerf's WMT workload has it: of each sentence the best `beams` live and finished partial
// translations are kept; the score of a finished one is its log-probability divided by ((5 + length) /
// 6)^alpha (Wu et al. 2016).

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace timetrial {

// What is searched in: gives the logits of the next token and follows the search's choices.
class BeamDecoder {
 public:
  virtual ~BeamDecoder() = default;

  // The last tokens [sentences, beams] int64 -> logits of the next ones [sentences, beams, vocabulary].
  virtual at::Tensor step(const at::Tensor& tokens) = 0;

  // From now on row r of the sentences * beams is what row rows[r] was.
  virtual void reorder(const at::Tensor& rows) = 0;

  // Goes on with these sentences only, all their beams. `sentences` rises.
  virtual void keep(const at::Tensor& sentences) = 0;
};

struct BeamSearchOptions {
  int64_t beams = 4;
  double alpha = 0.6;
  int64_t longest = 256;  // tokens, the 0 that starts every translation included
  int64_t end = 2;        // the token that finishes one
};

// The best translation of every sentence, [sentences, longest - 1] int64: the best finished one, its end
// repeated up to the length, or the best live one when none finished. A sentence that no live beam can
// improve any more leaves the search. Vocabularies have at least 2 * beams pieces. Waits for the device in
// every step.
at::Tensor beam_search(BeamDecoder& decoder, int64_t sentences, const at::TensorOptions& logits_options,
                       const BeamSearchOptions& options);

}  // namespace timetrial
