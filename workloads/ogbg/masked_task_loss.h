#pragma once

#include "timetrial/model.h"

namespace timetrial {

// Binary cross entropy of every labelled entry. logits [graphs, tasks]; the batch's "targets" and "weights"
// likewise, weights 1 (or true) where there is a label. Smoothing: y becomes (1 - a) y + a / tasks.
// `per_example` is [graphs, tasks], `valid_examples` the number of labels.
Loss masked_task_loss(const Batch& batch, const at::Tensor& logits, double label_smoothing);

}  // namespace timetrial
