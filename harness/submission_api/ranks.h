#pragma once

// The ranks of a trial: processes that train one model together, each on its share of every batch, with the
// same parameters and the same optimizer state everywhere. A trial that runs in one process has one rank.
//
// The ordinary submission need not know of them: the batch it is handed is its rank's share, and gradients
// that a backward pass leaves in grad() are already averaged over the ranks. What it computes from its own
// batch in any other way is its rank's alone, and must be made equal with the calls below before parameters
// depend on it. A trial whose ranks no longer hold the same parameters ends as failed.

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Calls that involve other ranks must be made by every rank, in the same order, with tensors of the same
// shapes, dtypes and devices. They throw when another rank is gone. Thread: that of the submission's calls.
class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual int64_t rank() const = 0;   // of this process, from 0
  virtual int64_t count() const = 0;  // 1: all of the following does nothing

  // Adds up each tensor over the ranks, in place: dense, floating or integer, the same bits on every rank. On
  // a GPU the work is put on the current stream; nothing waits for the device.
  virtual void sum(const std::vector<at::Tensor>& tensors) = 0;

  // The tensor of every rank, in the order of ranks: CPU, one dtype, one dimension, lengths may differ.
  virtual std::vector<at::Tensor> gather(const at::Tensor& values) = 0;
};

// Those of this process. Lives as long as the process is used.
Ranks& ranks();

// sum() divided by the number of ranks: for gradients that did not come from a backward pass into grad().
void average_over_ranks(const std::vector<at::Tensor>& tensors);

// For the harness: what ranks() returns while this lives.
class InstalledRanks {
 public:
  explicit InstalledRanks(Ranks& ranks);
  ~InstalledRanks();
  InstalledRanks(const InstalledRanks&) = delete;
  InstalledRanks& operator=(const InstalledRanks&) = delete;

 private:
  Ranks* before_;
};

}  // namespace timetrial
