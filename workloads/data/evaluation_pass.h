#pragma once

// One pass over the examples of a split, in order, each exactly once.

#include <cstdint>
#include <functional>

#include "timetrial/batch.h"

namespace timetrial {

// Cuts [0, examples) into batches of `batch_size` (the last may be smaller), makes them by make(begin, count)
// on `threads` loader threads, at most two a thread ahead, and hands them to `consume` in order on the
// calling thread. An exception of either ends the pass and is rethrown. `make` runs on several threads at a
// time.
void evaluation_pass(int64_t examples, int64_t batch_size, int threads,
                     const std::function<Batch(int64_t begin, int64_t count)>& make,
                     const std::function<void(const Batch&)>& consume);

}  // namespace timetrial
