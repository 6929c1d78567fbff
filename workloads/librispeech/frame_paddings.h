#pragma once

// Which frames of a batch are padding. Padding follows the speech: in every row zeros, then ones.

#include <ATen/core/Tensor.h>

namespace timetrial {

// Paddings (0 or 1) of the frames of samples with such paddings: a frame is padding when all its samples are.
// [batch, samples] -> [batch, frames]
at::Tensor frame_paddings(const at::Tensor& sample_paddings);

// Paddings after a halving of the frames: those of every second.
at::Tensor halved_paddings(const at::Tensor& paddings);

// Speech, not padding, in every row: int64 [batch].
at::Tensor unpadded_lengths(const at::Tensor& paddings);

// The frames of a batch as layers see them. Where nothing is padded, masks are left out: multiplying by one
// changes nothing.
class FrameMask {
 public:
  FrameMask() = default;

  // `paddings` [batch, frames]: best on the CPU, where looking for padding waits for no device; on another
  // device padding is assumed. The mask is of the given options.
  FrameMask(const at::Tensor& paddings, const at::TensorOptions& options);

  bool any_padding() const { return any_padding_; }
  int64_t frames() const { return kept_.size(1); }

  // 1 for speech, 0 for padding: [batch, frames, 1]
  const at::Tensor& kept() const { return kept_; }
  const at::Tensor& lengths() const { return lengths_; }  // int64 [batch], on the device of the mask

  // `values` [batch, frames, ...] with zeros in the padding
  at::Tensor masked(const at::Tensor& values) const;

 private:
  at::Tensor kept_;
  at::Tensor lengths_;
  bool any_padding_ = false;
};

}  // namespace timetrial
