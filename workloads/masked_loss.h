#pragma once

#include "timetrial/model.h"

namespace timetrial {

// Sum, normaliser and per-example values of a loss with one value an example. `per_example`: [batch]. Where
// the batch has "weights" ([batch] or [batch, 1]) they multiply the values, and the normaliser is their sum
// instead of the count.
Loss masked_loss(const at::Tensor& per_example, const Batch& batch);

}  // namespace timetrial
