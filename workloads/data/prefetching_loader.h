#pragma once

// Runs a BatchSource ahead of the training loop on its own threads. The order of batches is that of the
// source, whatever the number of threads. An exception thrown by a task is rethrown by next() at its place in
// the order.

#include <cstdint>
#include <functional>
#include <memory>

#include "workloads/data/batch_source.h"

namespace timetrial {

class PrefetchingLoader {
 public:
  // `depth`: batches held ready at most. `finish` is applied to every batch on the thread that made it.
  // Threads start with the first next().
  PrefetchingLoader(std::unique_ptr<BatchSource> source, int threads, int depth,
                    std::function<void(Batch&)> finish = {});
  ~PrefetchingLoader();
  PrefetchingLoader(const PrefetchingLoader&) = delete;
  PrefetchingLoader& operator=(const PrefetchingLoader&) = delete;

  Batch next();

  // Position after the last batch that next() returned: what a checkpoint stores. seek() drops what was
  // prefetched.
  DataPosition position() const;
  void seek(const DataPosition& position);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace timetrial
