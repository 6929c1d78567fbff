#include "workloads/librispeech/ctc_loss.h"

#include <vector>

#include <ATen/ATen.h>

#include "workloads/librispeech/frame_paddings.h"

namespace timetrial {
namespace {

std::vector<int64_t> on_host(const at::Tensor& lengths) {
  const at::Tensor host = lengths.cpu().contiguous();
  return {host.const_data_ptr<int64_t>(), host.const_data_ptr<int64_t>() + host.numel()};
}

}  // namespace

Loss ctc_loss(const Batch& batch, const at::Tensor& logits, const at::Tensor& logit_paddings) {
  const at::Tensor target_lengths = unpadded_lengths(batch.at("target_paddings"));
  const at::Tensor targets = batch.at("targets").to(logits.device(), at::kLong, /*non_blocking=*/true);
  Loss loss;
  loss.per_example =
      at::ctc_loss(logits.log_softmax(2).transpose(0, 1), targets, on_host(unpadded_lengths(logit_paddings)),
                   on_host(target_lengths), kCtcBlank, at::Reduction::None, /*zero_infinity=*/false);
  at::Tensor counted = target_lengths;
  if (batch.has("weights")) {
    const at::Tensor weights = batch.at("weights").reshape(-1);
    loss.per_example = loss.per_example * weights.to(loss.per_example.options());
    counted = weights.cpu().ne(0).logical_and_(target_lengths.cpu().ne(0));
  }
  loss.summed = loss.per_example.sum();
  loss.valid_examples = counted.sum().clamp_min(1).to(loss.summed.options());
  return loss;
}

}  // namespace timetrial
