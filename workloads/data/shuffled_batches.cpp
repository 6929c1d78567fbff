#include "workloads/data/shuffled_batches.h"

#include <utility>

#include "workloads/data/share.h"

namespace timetrial {
namespace {

class ShuffledBatches : public BatchSource {
 public:
  ShuffledBatches(int64_t examples, int64_t batch_size, uint64_t seed, BatchMaker make_batch)
      : make_batch_(std::move(make_batch)), epochs_(static_cast<uint32_t>(examples), batch_size, seed) {}

  Task next_task() override {
    return [this, chosen = own_part(epochs_.next())] { return make_batch_(chosen); };
  }

  DataPosition position() const override { return epochs_.position(); }
  void seek(const DataPosition& position) override { epochs_.seek(position); }

 private:
  static ChosenExamples own_part(ChosenExamples chosen) {
    const Share share = own_share(chosen.count());
    chosen.examples =
        chosen.batch.subspan(static_cast<size_t>(share.begin), static_cast<size_t>(share.count()));
    return chosen;
  }

  BatchMaker make_batch_;
  ShuffledEpochs epochs_;
};

}  // namespace

std::unique_ptr<BatchSource> shuffled_batches(int64_t examples, int64_t batch_size, uint64_t seed,
                                              BatchMaker make_batch) {
  return std::make_unique<ShuffledBatches>(examples, batch_size, seed, std::move(make_batch));
}

}  // namespace timetrial
