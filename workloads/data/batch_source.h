#pragma once

// An endless, deterministic stream of training batches, cut into a cheap serial part (which examples come
// next) and a parallel part (read and decode them).

#include <cstdint>
#include <functional>
#include <vector>

#include "timetrial/batch.h"

namespace timetrial {

// Where the next batch starts. What the numbers mean is the source's business (epoch, file, byte, example …).
using DataPosition = std::vector<int64_t>;

class BatchSource {
 public:
  using Task = std::function<Batch()>;

  virtual ~BatchSource() = default;

  // Advances the position by one batch and returns the work that makes it. Calls are serial; the returned
  // tasks may run on any thread, at the same time, in any order, after later next_task() calls, and even
  // after seek(); they do not outlive the source.
  virtual Task next_task() = 0;

  virtual DataPosition position() const = 0;
  virtual void seek(const DataPosition& position) = 0;
};

}  // namespace timetrial
