#pragma once

// The table of Graph Segment Training (arXiv 2305.12322): what each segment of each training program last
// added to the score of each configuration (history_rows.h), one number a row, 0 until it is computed for the
// first time. A buffer of the model, so that checkpoints hold it.

#include <cstdint>

#include <torch/nn/module.h>

#include "timetrial/batch.h"

namespace timetrial {

class SegmentHistory : public torch::nn::Module {
 public:
  SegmentHistory(int64_t rows, const at::TensorOptions& options);

  // A batch as in segment_batch.h, on the model's device, and its computed scores [G, C] -> estimated scores
  // of the whole programs [G, C]. Gradients go to the computed scores.
  at::Tensor estimate(const Batch& batch, const at::Tensor& fresh) const;

  // Keeps the computed scores, those of all ranks: to be called by every rank.
  void store(const Batch& batch, const at::Tensor& fresh);

  const at::Tensor& table() const { return table_; }  // [rows]

 private:
  at::Tensor table_;
};

}  // namespace timetrial
