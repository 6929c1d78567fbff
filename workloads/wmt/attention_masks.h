#pragma once

#include <ATen/core/Tensor.h>

#include "timetrial/batch.h"

namespace timetrial {

// What is added to attention scores: 0 where a query may look at a key, -1e10 elsewhere; [batch, 1, queries,
// keys]. A query that may look at nothing (padding) therefore attends to everything alike, as in the
// reference.
struct AttentionMasks {
  at::Tensor encoder;  // source to source
  at::Tensor decoder;  // target to target, not to later ones
  at::Tensor cross;    // target to source
};

// Tokens other than 0 see tokens other than 0 of the same segment, where the batch has segments.
AttentionMasks attention_masks(const Batch& batch, at::ScalarType dtype);

// Of sources [batch, length] for queries that all count as real: [batch, 1, 1, length].
at::Tensor source_mask(const at::Tensor& sources, at::ScalarType dtype);

}  // namespace timetrial
