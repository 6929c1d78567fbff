#include "workloads/fastmri/slice_source.h"

#include <utility>

#include "workloads/data/shuffled_batches.h"

namespace timetrial {

std::unique_ptr<BatchSource> slice_training(std::shared_ptr<const SliceStore> slices, int64_t batch_size,
                                            uint64_t seed) {
  const int64_t count = slices->size();
  return shuffled_batches(count, batch_size, seed,
                          [slices = std::move(slices)](const ChosenExamples& chosen) {
                            return slices->gather(chosen.examples.data(), chosen.count());
                          });
}

}  // namespace timetrial
