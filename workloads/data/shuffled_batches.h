#pragma once

// Training batches of a data set whose examples are numbered, in the order of ShuffledEpochs. What a workload
// adds is how to make a batch of chosen examples.

#include <cstdint>
#include <functional>
#include <memory>

#include "workloads/data/batch_source.h"
#include "workloads/data/shuffled_epochs.h"

namespace timetrial {

// Makes the batch of chosen.examples. Called on any thread, also at the same time; must depend on nothing but
// its argument.
using BatchMaker = std::function<Batch(const ChosenExamples&)>;

// Every rank makes its own share of a batch. Position: {epoch, example}. Throws UserError when a batch is
// larger than the data set.
std::unique_ptr<BatchSource> shuffled_batches(int64_t examples, int64_t batch_size, uint64_t seed,
                                              BatchMaker make_batch);

}  // namespace timetrial
