#include "workloads/data/shuffled_batches.h"

#include <utility>

namespace timetrial {
namespace {

class ShuffledBatches : public BatchSource {
 public:
  ShuffledBatches(int64_t examples, int64_t batch_size, uint64_t seed, BatchMaker make_batch)
      : make_batch_(std::move(make_batch)), epochs_(static_cast<uint32_t>(examples), batch_size, seed) {}

  Task next_task() override {
    return [this, chosen = epochs_.next()] { return make_batch_(chosen); };
  }

  DataPosition position() const override { return epochs_.position(); }
  void seek(const DataPosition& position) override { epochs_.seek(position); }

 private:
  BatchMaker make_batch_;
  ShuffledEpochs epochs_;
};

}  // namespace

std::unique_ptr<BatchSource> shuffled_batches(int64_t examples, int64_t batch_size, uint64_t seed,
                                              BatchMaker make_batch) {
  return std::make_unique<ShuffledBatches>(examples, batch_size, seed, std::move(make_batch));
}

}  // namespace timetrial
