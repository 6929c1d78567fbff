#pragma once

// The slices of a split as examples of the model.

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "timetrial/batch.h"
#include "workloads/fastmri/column_mask.h"
#include "workloads/fastmri/volume_file.h"

namespace timetrial {

// Slice i of a store is the i-th slice of all volumes one after the other. A slice is read and transformed
// when it is asked for. What comes out depends on the slice and the mask's seed alone, so a split that needs
// at most `most_kept_bytes` as examples is kept once it was made; a larger one is never held in memory: each
// use reads the file again, and the operating system keeps as much of the files as it has room for.
class SliceStore {
 public:
  static constexpr int64_t kMostKeptBytes = int64_t{1} << 30;

  // All images of `volumes` have one shape.
  SliceStore(std::vector<VolumeFile> volumes, MaskSeeds seeds, int64_t most_kept_bytes = kMostKeptBytes);

  int64_t size() const { return static_cast<int64_t>(places_.size()); }

  // The slices `indices[0, count)`: "inputs" and "targets" float32 [count, height, width], normalised;
  // "mean", "std" and "volume_max" float32 [count]. Thread-safe. Throws UserError for a damaged file and for
  // a slice that is blank.
  Batch gather(const uint32_t* indices, int64_t count) const;

 private:
  struct Place {
    uint32_t volume;
    uint32_t slice;
  };
  struct Example;
  struct Kept;

  void make(int64_t index, const Example& out) const;

  std::vector<VolumeFile> volumes_;
  MaskSeeds seeds_;
  std::vector<Place> places_;
  std::shared_ptr<Kept> kept_;  // null for a large split
};

}  // namespace timetrial
