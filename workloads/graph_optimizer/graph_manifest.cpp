#include "workloads/graph_optimizer/graph_manifest.h"

#include "workloads/graph_optimizer/graphs/graph_heuristics.h"
#include "workloads/npz/npz_data_set.h"

namespace timetrial {

DataSetManifest graph_manifest(const std::filesystem::path& data_set) {
  return npz_manifest(
      data_set,
      {"graphs-",
       "Training steps of this program's models as graphs of operations with costs, for a simulated machine",
       "write them by `timetrial-worker export-graphs` (README of graph_optimizer)",
       {kBaselinesFile}});
}

}  // namespace timetrial
