#pragma once

// Which examples of a data set held in memory make up the next batch: every epoch is a permutation of its
// own, drawn from (seed, epoch); the rest of an epoch that is smaller than a batch is dropped.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace timetrial {

// The examples of one batch, or a rank's share of them.
struct ChosenExamples {
  std::span<const uint32_t> examples;
  std::span<const uint32_t> batch;  // the whole batch: `examples` lies in it
  int64_t epoch = 0;
  int64_t place = 0;                                   // of the batch in the epoch's order
  std::shared_ptr<const std::vector<uint32_t>> order;  // of the whole epoch; `batch` lies in it

  int64_t count() const { return static_cast<int64_t>(examples.size()); }
};

class ShuffledEpochs {
 public:
  // Throws UserError when a batch is larger than the data set.
  ShuffledEpochs(uint32_t examples, int64_t batch_size, uint64_t seed);

  ChosenExamples next();

  // {epoch, example within the epoch}. seek() throws UserError for anything position() never returns.
  std::vector<int64_t> position() const { return {epoch_, example_}; }
  void seek(const std::vector<int64_t>& position);

 private:
  void start_epoch(int64_t epoch);

  uint32_t examples_;
  int64_t batch_size_;
  uint64_t seed_;
  int64_t epoch_ = 0;
  int64_t example_ = 0;
  std::shared_ptr<const std::vector<uint32_t>> order_;
};

}  // namespace timetrial
