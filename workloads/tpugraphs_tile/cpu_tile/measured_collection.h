#pragma once

// Times the kernels of the tile collection on this machine and writes them as a data set in the format of
// TpuGraphs' tile collection: train, valid and test with a .npz file a kernel, as kernel_file.h reads them,
// and provenance.json, which says on what they were measured and how well.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "workloads/tpugraphs/interleaved_timing.h"
#include "workloads/tpugraphs_tile/cpu_tile/tile_collection.h"

namespace timetrial {

struct MeasuredCollectionOptions {
  int64_t rounds = 20;
  uint64_t seed = 0;  // of the orders in which configurations are run
  // A kernel whose halves agree less (TimingNoise::tau) is left out: its times are mostly noise.
  double least_tau = 0.8;
  std::string date;  // for the record: "2026-11-28"
  std::function<void(const std::string& kernel, const TimingNoise& noise, bool kept)> progress;
};

// Pins the calling thread to the core it runs on and takes minutes. Throws UserError when nothing can be
// written, or a split is left without kernels.
void measure_collection(const std::vector<CollectedKernel>& collection, const std::filesystem::path& folder,
                        const MeasuredCollectionOptions& options);

// One kernel's file. `times`: one a configuration, in order.
void write_kernel_file(const std::filesystem::path& file, const TileKernel& kernel,
                       const std::vector<LeastTimes>& times);

}  // namespace timetrial
