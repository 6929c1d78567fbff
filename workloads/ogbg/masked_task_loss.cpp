#include "workloads/ogbg/masked_task_loss.h"

#include <ATen/ATen.h>

namespace timetrial {

Loss masked_task_loss(const Batch& batch, const at::Tensor& logits, double label_smoothing) {
  const at::Tensor weights = batch.at("weights").to(logits.options());
  at::Tensor targets = batch.at("targets").to(logits.options());
  if (label_smoothing != 0) {
    targets = targets * (1 - label_smoothing) + label_smoothing / static_cast<double>(logits.size(1));
  }
  Loss loss;
  loss.per_example = at::binary_cross_entropy_with_logits(logits, targets, weights, {}, at::Reduction::None);
  loss.summed = loss.per_example.sum();
  loss.valid_examples = weights.sum();
  return loss;
}

}  // namespace timetrial
