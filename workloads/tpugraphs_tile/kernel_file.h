#pragma once

// The official files of TpuGraphs' tile collection (arXiv 2308.13490): a kernel a file, with the times of its
// tile sizes. Arrays node_feat float32 [nodes, 140], node_opcode [nodes], edge_index [edges, 2], config_feat
// float32 [configurations, 24], config_runtime and config_runtime_normalizers [configurations] in
// nanoseconds. Files that `timetrial-worker measure-configs` wrote also have config_runtime_resolution
// float64, a single value: times that differ by less may be equal.

#include <filesystem>
#include <string>
#include <vector>

#include "workloads/tpugraphs/program_file.h"

namespace timetrial {

struct MeasuredKernel {
  std::string name;  // of the file, without its extension
  ProgramGraph graph;
  std::vector<float> configurations;  // [configurations, 24]
  std::vector<double> times;          // runtime / normalizer
  double resolution = 0;              // of ordered_pairs(), workloads/metrics/time_ranking.h

  int64_t configuration_count() const { return static_cast<int64_t>(times.size()); }
};

// Throws UserError for a damaged file, for arrays that do not fit together, and for times that are not
// positive (the official test files withhold them).
MeasuredKernel read_kernel_file(const std::filesystem::path& file);

// All of a folder, by name.
std::vector<MeasuredKernel> read_kernel_folder(const std::filesystem::path& folder);

}  // namespace timetrial
