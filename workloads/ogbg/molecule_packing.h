#pragma once

// Which molecules make up the next batch: as many as fit, in the order they come ("dynamic batching").

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "workloads/ogbg/molecules.h"

namespace timetrial {

// At most so many in a batch.
struct PackingLimits {
  int64_t molecules = 0;
  int64_t atoms = 0;
  int64_t edges = 0;  // two a bond
};

// A batch of size b has room for b molecules, 26 b atoms and 56 b edges, the averages of ogbg-molpcba; and
// always for the largest molecule of the data set.
PackingLimits packing_limits(const Molecules& molecules, int64_t batch_size);

// Cuts a list of molecules into batches, each as full as possible: where each ends in `order`. The limits
// must be at least those of packing_limits.
std::vector<size_t> batch_ends(const Molecules& molecules, std::span<const uint32_t> order,
                               const PackingLimits& limits);

// An endless stream of batches: every epoch is a permutation of the training molecules, drawn from (seed,
// epoch), and the first molecules of an epoch fill up the last batch of the one before.
class PackedEpochs {
 public:
  // Throws UserError for a batch size below 1. The molecules must outlive this.
  PackedEpochs(const Molecules& molecules, int64_t batch_size, uint64_t seed);

  std::vector<uint32_t> next();

  // {epoch, molecule within the epoch}. seek() throws UserError for anything position() never returns.
  std::vector<int64_t> position() const { return {epoch_, place_}; }
  void seek(const std::vector<int64_t>& position);

  const PackingLimits& limits() const { return limits_; }

 private:
  void start_epoch(int64_t epoch);

  const Molecules& molecules_;
  PackingLimits limits_;
  uint64_t seed_;
  int64_t epoch_ = 0;
  int64_t place_ = 0;
  std::vector<uint32_t> order_;  // molecules of this epoch
};

}  // namespace timetrial
