#include "workloads/tpugraphs_layout/layout_manifest.h"

#include "workloads/tpugraphs/program_manifest.h"

namespace timetrial {

DataSetManifest measured_layout_manifest(const std::filesystem::path& data_set) {
  return program_manifest(
      data_set, "cpu-layout-",
      "Graphs of LibTorch operations timed on a CPU with many layouts of their tensors, in "
      "the format of TpuGraphs' layout collections; no TPU data");
}

}  // namespace timetrial
