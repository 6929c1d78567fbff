#pragma once

#include <memory>

#include "workloads/data/batch_source.h"
#include "workloads/data/shuffled_epochs.h"
#include "workloads/fastmri/slice_store.h"

namespace timetrial {

// Training batches of slices, shuffled over all volumes in every epoch; position = (epoch, slice).
class SliceSource : public BatchSource {
 public:
  SliceSource(std::shared_ptr<const SliceStore> slices, int64_t batch_size, uint64_t seed);

  Task next_task() override;
  DataPosition position() const override { return epochs_.position(); }
  void seek(const DataPosition& position) override { epochs_.seek(position); }

 private:
  std::shared_ptr<const SliceStore> slices_;
  int64_t batch_size_;
  ShuffledEpochs epochs_;
};

}  // namespace timetrial
