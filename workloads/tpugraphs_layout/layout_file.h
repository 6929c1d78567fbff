#pragma once

// The official files of TpuGraphs' layout collections (arXiv 2308.13490): a whole program a file, with its
// run times under many layouts of its configurable nodes. Arrays node_feat float32 [nodes, 140], node_opcode
// [nodes], edge_index [edges, 2], node_config_ids [nc], node_config_feat float32 [configurations, nc, 18] and
// config_runtime [configurations] in nanoseconds. node_splits, the starts of HLO computations, is optional,
// and so is config_runtime_resolution float64 [1], which `timetrial-worker measure-configs` writes: times
// that differ by less may be equal.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "workloads/tpugraphs/program_file.h"
#include "workloads/tpugraphs_layout/node_ranges.h"

namespace timetrial {

struct MeasuredProgram {
  std::string name;  // of the file, without its extension
  ProgramGraph graph;
  std::vector<int32_t> configurable;  // [nc], rising: the nodes that have a layout to choose
  std::vector<int8_t> layouts;        // [configurations, nc, 18], -1 … 5, in the order of `configurable`
  std::vector<double> times;          // run times over their mean, so that those of programs are comparable
  std::vector<int32_t> splits;        // first node of each HLO computation; empty where the file has none
  double resolution = 0;              // of ordered_pairs(), workloads/metrics/time_ranking.h
  std::vector<NodeRange> segments;    // segmentation.h; as read there is one, the whole

  int64_t configuration_count() const { return static_cast<int64_t>(times.size()); }
};

// Layouts are streamed, a block of configurations at a time, and kept as a byte each: official files hold
// gigabytes of them. Throws UserError for a damaged file, arrays that do not fit together, nodes that there
// are not or that come twice, layouts of other values than -1 … 5, and times that are not positive (the
// official test files withhold them).
MeasuredProgram read_layout_file(const std::filesystem::path& file);

// All of a folder, by name.
std::vector<MeasuredProgram> read_layout_folder(const std::filesystem::path& folder);

}  // namespace timetrial
