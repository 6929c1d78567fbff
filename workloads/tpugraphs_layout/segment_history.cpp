#include "workloads/tpugraphs_layout/segment_history.h"

#include <torch/torch.h>

#include "timetrial/ranks.h"
#include "workloads/layers/segments.h"

namespace timetrial {

SegmentHistory::SegmentHistory(int64_t rows, const at::TensorOptions& options) {
  table_ = register_buffer("table", torch::zeros({rows}, options));
}

at::Tensor SegmentHistory::estimate(const Batch& batch, const at::Tensor& fresh) const {
  const at::Tensor weighted = fresh * batch.at("fresh_weights").to(fresh.scalar_type());
  const at::Tensor& rows = batch.at("stale_rows");
  if (rows.size(0) == 0) return weighted;  // every program is one segment
  const at::Tensor stale = table_.index_select(0, rows.flatten()).view(rows.sizes());
  const Segments programs{batch.at("stale_program"), {}, batch.at("stale_offsets")};
  return weighted + segment_sum(stale * batch.at("stale_weights").to(stale.scalar_type()), programs);
}

void SegmentHistory::store(const Batch& batch, const at::Tensor& fresh) {
  const at::NoGradGuard no_grad;
  // Every rank has its own rows and zeros elsewhere, so the sum is exact and the tables stay the same.
  at::Tensor all = fresh.new_zeros(batch.at("fresh_rows").sizes());
  all.index_copy_(0, batch.at("own_places"), fresh.detach());
  ranks().sum({all});
  table_.index_copy_(0, batch.at("fresh_rows").flatten(), all.flatten());
}

}  // namespace timetrial
