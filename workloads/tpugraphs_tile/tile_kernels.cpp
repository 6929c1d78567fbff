#include "workloads/tpugraphs_tile/tile_kernels.h"

#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/tile_configuration.h"
#include "workloads/tpugraphs/column_scaling.h"

namespace timetrial {

TileKernels read_tile_kernels(const std::filesystem::path& data_set, TileSplits splits, bool has_test) {
  TileKernels kernels;
  kernels.train = read_kernel_folder(data_set / "train");
  if (splits == TileSplits::all) kernels.validation = read_kernel_folder(data_set / "valid");
  if (splits == TileSplits::all && has_test) kernels.test = read_kernel_folder(data_set / "test");
  ColumnScaling nodes(kNodeFeatures), configurations(kTileFeatures);
  for (const MeasuredKernel& kernel : kernels.train) {
    nodes.include(kernel.graph.features);
    configurations.include(kernel.configurations);
  }
  for (std::vector<MeasuredKernel>* split : {&kernels.train, &kernels.validation, &kernels.test}) {
    for (MeasuredKernel& kernel : *split) {
      nodes.apply(kernel.graph.features);
      configurations.apply(kernel.configurations);
    }
  }
  return kernels;
}

}  // namespace timetrial
