#pragma once

#include <memory>

#include "workloads/data/batch_source.h"
#include "workloads/fastmri/slice_store.h"

namespace timetrial {

// Training batches of slices, shuffled over all volumes in every epoch.
std::unique_ptr<BatchSource> slice_training(std::shared_ptr<const SliceStore> slices, int64_t batch_size,
                                            uint64_t seed);

}  // namespace timetrial
