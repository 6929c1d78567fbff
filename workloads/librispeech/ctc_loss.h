#pragma once

#include "timetrial/model.h"

namespace timetrial {

inline constexpr int64_t kCtcBlank = 0;

// Connectionist temporal classification (Graves et al. 2006) of logits [batch, frames, pieces] with
// paddings [batch, frames] (0 or 1, best on the CPU: the loss needs lengths on the host). Per example: minus
// the logarithm of the probability of its target; infinite where a target does not fit into the frames. The
// normaliser is the number of target tokens or, with "weights" in the batch, of weighted examples whose
// target is not empty; at least 1.
Loss ctc_loss(const Batch& batch, const at::Tensor& logits, const at::Tensor& logit_paddings);

}  // namespace timetrial
