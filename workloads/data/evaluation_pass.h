#pragma once

// One pass over the examples of a split, in order, each exactly once: by one of the ranks, where there are
// several (timetrial/ranks.h). The results are the same, bit for bit, however many ranks there are.

#include <cstdint>
#include <functional>
#include <vector>

#include "timetrial/batch.h"

namespace timetrial {

// What one batch adds to the metrics: float64 on the CPU, any shape.
using BatchScore = std::function<at::Tensor(const Batch&)>;

// Cuts [0, examples) into batches of `batch_size` (the last may be smaller), makes them by make(begin, count)
// on `threads` loader threads, at most two a thread ahead, and hands them to `score` in order on the calling
// thread. Returns the scores of all batches in order, on every rank. An exception of either ends the pass and
// is rethrown. `make` runs on several threads at a time.
std::vector<at::Tensor> evaluation_pass(int64_t examples, int64_t batch_size, int threads,
                                        const std::function<Batch(int64_t begin, int64_t count)>& make,
                                        const BatchScore& score);

// Whether this rank scores the batch of this number, for passes that are not over a range of examples; and
// the scores of all batches, in order, from those of every rank's own.
bool is_own_batch(int64_t index);
std::vector<at::Tensor> of_all_ranks(const std::vector<at::Tensor>& own);

// Score of a batch that consists of a few numbers, and their sums over the batches, added in order.
at::Tensor numbers(const std::vector<double>& values);
std::vector<double> sums_of(const std::vector<at::Tensor>& scores);

}  // namespace timetrial
