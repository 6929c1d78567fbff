#include "workloads/finewebedu_lm/token_source.h"

#include <utility>

#include <ATen/ATen.h>

#include "workloads/data/shuffled_batches.h"

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

std::unique_ptr<BatchSource> token_training(TokenRuns runs, int64_t batch_size, uint64_t seed) {
  const int64_t count = runs.count;
  return shuffled_batches(count, batch_size, seed, [runs = std::move(runs)](const ChosenExamples& chosen) {
    return token_batch(runs, chosen.examples.data(), chosen.count());
  });
}

}  // namespace timetrial
