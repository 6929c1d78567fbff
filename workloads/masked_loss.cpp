#include "workloads/masked_loss.h"

#include <ATen/ATen.h>

namespace timetrial {

Loss masked_loss(const at::Tensor& per_example, const Batch& batch) {
  Loss loss;
  if (batch.has("weights")) {
    const at::Tensor weights = batch.at("weights").reshape(-1).to(per_example.options());
    loss.per_example = per_example * weights;
    loss.valid_examples = weights.sum();
  } else {
    loss.per_example = per_example;
    loss.valid_examples = at::full({}, static_cast<double>(per_example.size(0)), per_example.options());
  }
  loss.summed = loss.per_example.sum();
  return loss;
}

}  // namespace timetrial
