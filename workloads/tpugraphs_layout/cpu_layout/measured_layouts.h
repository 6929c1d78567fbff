#pragma once

// Times the graphs of the layout collection on this machine and writes them as a data set in the format of
// TpuGraphs' layout collections: train, valid and test with a .npz file a graph, as layout_file.h reads them,
// and provenance.json, which says on what they were measured and how well.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "workloads/tpugraphs/interleaved_timing.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_choices.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_collection.h"

namespace timetrial {

struct MeasuredLayoutsOptions {
  int64_t configurations = 100;  // of each graph
  int64_t rounds = 80;  // layouts make less of a difference than tiles: the least must be close to the truth
  uint64_t seed = 0;    // of configurations, and of the orders in which they are run
  // A graph whose halves agree less (TimingNoise::tau) is left out: its times are mostly noise.
  double least_tau = 0.8;
  std::string date;  // for the record: "2026-11-28"
  std::function<void(const std::string& graph, const TimingNoise& noise, bool kept)> progress;
};

// Pins the calling thread to the core it runs on, makes LibTorch use that thread alone from then on, and
// takes minutes. Throws UserError when nothing can be written, or a split is left without graphs.
void measure_layouts(const std::vector<CollectedGraph>& collection, const std::filesystem::path& folder,
                     const MeasuredLayoutsOptions& options);

// One graph's file. `times`: one a configuration, in order.
void write_layout_file(const std::filesystem::path& file, const LayoutGraph& graph,
                       const std::vector<GraphLayouts>& configurations, const std::vector<LeastTimes>& times);

}  // namespace timetrial
