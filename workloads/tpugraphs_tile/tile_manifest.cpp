#include "workloads/tpugraphs_tile/tile_manifest.h"

#include "workloads/npz/npz_data_set.h"
#include "workloads/tpugraphs/program_file.h"

namespace timetrial {

DataSetManifest measured_tile_manifest(const std::filesystem::path& data_set) {
  return npz_manifest(
      data_set,
      {"cpu-tile-",
       "Loop nests timed on a CPU with many tile sizes, in the format of TpuGraphs' tile collection; "
       "no TPU data",
       kUnpackPrograms});
}

}  // namespace timetrial
