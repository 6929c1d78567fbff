#include "workloads/tpugraphs_layout/layout_manifest.h"

#include "workloads/npz/npz_data_set.h"
#include "workloads/tpugraphs/program_file.h"
#include "workloads/tpugraphs_layout/metis_segments.h"
#include "workloads/tpugraphs_layout/segmentation.h"

namespace timetrial {

DataSetManifest measured_layout_manifest(const std::filesystem::path& data_set) {
  return npz_manifest(data_set,
                      {"cpu-layout-",
                       "Graphs of LibTorch operations timed on a CPU with many layouts of their tensors, in "
                       "the format of TpuGraphs' layout collections; no TPU data",
                       kUnpackPrograms});
}

void complete_measured_layouts(const std::filesystem::path& data_set, const PreparationProgress& progress) {
  write_metis_segments(data_set, kMiniSegmentNodes, progress);
  write_manifest(data_set, measured_layout_manifest(data_set));
}

}  // namespace timetrial
