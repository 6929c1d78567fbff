#pragma once

#include "workloads/wmt/beam_search.h"
#include "workloads/wmt/transformer.h"

namespace timetrial {

// Translates sources [sentences, length] (int64, 0 is padding, on the model's device) by beam search with
// cached keys and values: [sentences, longest - 1], see beam_search(). Without gradients.
at::Tensor translate(const Transformer& model, const at::Tensor& sources, const BeamSearchOptions& options);

// The tokens of a translation up to its first `end`, which is included; the first token alone when there is
// none, as in the reference.
std::vector<int32_t> up_to_end(const at::Tensor& tokens, int64_t end);

}  // namespace timetrial
