#include "workloads/librispeech/frame_paddings.h"

#include <ATen/ATen.h>

#include "workloads/librispeech/log_mel.h"

namespace timetrial {

at::Tensor frame_paddings(const at::Tensor& sample_paddings) {
  // The least padding of a frame is that of its first sample, as padding comes last.
  const int64_t frames = frame_count(sample_paddings.size(1));
  return sample_paddings.slice(1, 0, std::nullopt, kFrameStep).narrow(1, 0, frames);
}

at::Tensor halved_paddings(const at::Tensor& paddings) {
  return paddings.slice(1, 0, std::nullopt, 2);
}

at::Tensor unpadded_lengths(const at::Tensor& paddings) {
  return (1 - paddings).sum(1).to(at::kLong);
}

FrameMask::FrameMask(const at::Tensor& paddings, const at::TensorOptions& options)
    : kept_((1 - paddings).unsqueeze(2).to(options, /*non_blocking=*/true)),
      lengths_(unpadded_lengths(paddings).to(options.device(), /*non_blocking=*/true)),
      any_padding_(!paddings.is_cpu() || paddings.any().item<bool>()) {}

at::Tensor FrameMask::masked(const at::Tensor& values) const {
  if (!any_padding_) return values;
  at::Tensor kept = kept_;
  while (kept.dim() < values.dim()) kept = kept.unsqueeze(-1);
  return values * kept;
}

}  // namespace timetrial
