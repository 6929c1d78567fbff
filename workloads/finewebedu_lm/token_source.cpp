#include "workloads/finewebedu_lm/token_source.h"

#include <ATen/ATen.h>

namespace timetrial {

Batch token_batch(const TokenRuns& runs, const uint32_t* indices, int64_t count) {
  const int64_t length = runs.length - 1;
  const at::Tensor inputs = at::empty({count, length}, at::kLong);
  const at::Tensor targets = at::empty({count, length}, at::kLong);
  for (int64_t i = 0; i < count; ++i) {
    const auto run = runs.file->run(indices[i], runs.length, runs.vocabulary);
    std::copy(run.begin(), run.end() - 1, inputs.data_ptr<int64_t>() + i * length);
    std::copy(run.begin() + 1, run.end(), targets.data_ptr<int64_t>() + i * length);
  }
  Batch batch;
  batch.tensors = {{"inputs", inputs}, {"targets", targets}};
  batch.examples = count;
  return batch;
}

TokenSource::TokenSource(TokenRuns runs, int64_t batch_size, uint64_t seed)
    : runs_(std::move(runs)),
      batch_size_(batch_size),
      epochs_(static_cast<uint32_t>(runs_.count), batch_size, seed) {}

BatchSource::Task TokenSource::next_task() {
  return [this, pick = epochs_.next()] {
    return token_batch(runs_, pick.order->data() + pick.begin, batch_size_);
  };
}

}  // namespace timetrial
