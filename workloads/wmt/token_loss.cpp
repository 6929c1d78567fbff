#include "workloads/wmt/token_loss.h"

#include <ATen/ATen.h>

#include "workloads/layers/token_cross_entropy.h"

namespace timetrial {

Loss token_loss(const Batch& batch, const at::Tensor& logits, double label_smoothing) {
  const at::Tensor targets = batch.at("targets").to(logits.device(), /*non_blocking=*/true);
  const at::Tensor losses =
      token_cross_entropy(logits.flatten(0, 1), targets.flatten(), label_smoothing).view(targets.sizes());
  Loss loss;
  if (batch.has("weights")) {
    const at::Tensor weights = batch.at("weights").to(logits.device(), /*non_blocking=*/true);
    loss.per_example = at::where(weights.ne(0), losses, at::zeros({}, losses.options()));
    loss.valid_examples = weights.sum();
  } else {
    loss.per_example = losses;
    loss.valid_examples = at::full({}, static_cast<double>(targets.numel()), losses.options());
  }
  loss.summed = loss.per_example.sum();
  return loss;
}

}  // namespace timetrial
