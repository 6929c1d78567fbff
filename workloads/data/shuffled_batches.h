#pragma once

// Training batches of a data set whose examples are numbered, in the order of ShuffledEpochs. What a workload
// adds is how to make a batch of chosen examples.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "workloads/data/batch_source.h"

namespace timetrial {

struct ChosenExamples {
  std::span<const uint32_t> examples;  // one batch
  int64_t epoch = 0;
  int64_t place = 0;  // of the first of them in the epoch's order

  int64_t count() const { return static_cast<int64_t>(examples.size()); }
};

// Called on any thread, also at the same time; must depend on nothing but its argument.
using BatchMaker = std::function<Batch(const ChosenExamples&)>;

// Position: {epoch, example}. Throws UserError when a batch is larger than the data set.
std::unique_ptr<BatchSource> shuffled_batches(int64_t examples, int64_t batch_size, uint64_t seed,
                                              BatchMaker make_batch);

}  // namespace timetrial
