#include "workloads/fastmri/slice_source.h"

namespace timetrial {

SliceSource::SliceSource(std::shared_ptr<const SliceStore> slices, int64_t batch_size, uint64_t seed)
    : slices_(std::move(slices)),
      batch_size_(batch_size),
      epochs_(static_cast<uint32_t>(slices_->size()), batch_size, seed) {}

BatchSource::Task SliceSource::next_task() {
  return
      [this, pick = epochs_.next()] { return slices_->gather(pick.order->data() + pick.begin, batch_size_); };
}

}  // namespace timetrial
