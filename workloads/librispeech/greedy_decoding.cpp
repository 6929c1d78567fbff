#include "workloads/librispeech/greedy_decoding.h"

#include <ATen/ATen.h>

#include "workloads/librispeech/ctc_loss.h"

namespace timetrial {

std::vector<std::vector<int32_t>> greedy_decoding(const at::Tensor& logits, const at::Tensor& paddings) {
  const at::Tensor best = logits.argmax(2).cpu();
  const at::Tensor pieces = (best * paddings.cpu().eq(0)).contiguous();
  const auto rows = pieces.accessor<int64_t, 2>();
  std::vector<std::vector<int32_t>> decoded(static_cast<size_t>(pieces.size(0)));
  for (int64_t example = 0; example < pieces.size(0); ++example) {
    int64_t previous = kCtcBlank;
    for (int64_t frame = 0; frame < pieces.size(1); ++frame) {
      const int64_t piece = rows[example][frame];
      if (piece != previous && piece != kCtcBlank) {
        decoded[static_cast<size_t>(example)].push_back(static_cast<int32_t>(piece));
      }
      previous = piece;
    }
  }
  return decoded;
}

}  // namespace timetrial
