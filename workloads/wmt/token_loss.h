#pragma once

#include "timetrial/model.h"

namespace timetrial {

// Cross entropy of every target token with label smoothing over the vocabulary. logits [rows, length,
// vocabulary]; the batch's "targets" [rows, length] and, if it has them, "weights": tokens of weight 0 do not
// count. `per_example` is [rows, length], `valid_examples` the sum of the weights, or the number of tokens.
Loss token_loss(const Batch& batch, const at::Tensor& logits, double label_smoothing);

}  // namespace timetrial
