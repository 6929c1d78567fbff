#pragma once

#include <ATen/core/Tensor.h>

namespace timetrial {

// Cross entropy of every row over a large vocabulary: logits [rows, vocabulary], targets [rows] int64 ->
// losses [rows]. With label smoothing ε the target distribution is 1 - ε at the target plus ε / vocabulary
// everywhere (Szegedy et al. 2016), as torch's cross_entropy has it.
//
// Nothing of the size of the logits is kept for the backward pass but the logits themselves; it makes their
// gradient in one pass, and rows whose loss gets no gradient (masked ones) cost next to nothing. float32 and
// float64; logits of fewer bits are summed, and their losses returned, in float32. Can be differentiated
// twice. Throws c10::Error for wrong shapes and, on a CPU, for a target outside the vocabulary.
at::Tensor token_cross_entropy(const at::Tensor& logits, const at::Tensor& targets, double label_smoothing);

}  // namespace timetrial
