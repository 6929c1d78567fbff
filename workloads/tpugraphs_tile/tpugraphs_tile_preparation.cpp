#include <string>

#include "embedded/cpu_tile_files.h"
#include "workloads/npz/npz_data_set.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs/program_file.h"
#include "workloads/tpugraphs_tile/tile_kernels.h"
#include "workloads/tpugraphs_tile/tile_manifest.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

EmbeddedFiles measured_kernels() {
  return {cpu_tile_files_names(), cpu_tile_files};
}

class TpugraphsTilePreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "tpugraphs_tile"; }

  PreparationPlan mini_plan() const override {
    return {0,
            measured_kernels().bytes(),
            {"nothing: the measured kernels of cpu_tile are part of this program"}};
  }

  // A collection that the user measured stays (`timetrial-worker measure-configs`).
  void make_mini(const fs::path& data_set, const fs::path&,
                 const PreparationProgress& progress) const override {
    if (fs::exists(data_set / "manifest.json")) return;
    measured_kernels().write(data_set, progress);
    write_manifest(data_set, measured_tile_manifest(data_set));
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    progress("reading kernels", 0, 0);
    // Damage, and arrays that do not fit together, are found by reading; the times of the test split are
    // withheld.
    read_tile_kernels(data_set, TileSplits::all, /*has_test=*/false);
    write_manifest(data_set,
                   npz_manifest(data_set, {"tpugraphs-tile-xla-",
                                           "TpuGraphs tile:xla (Google, Apache-2.0), brought by the user",
                                           kUnpackPrograms}));
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_tpugraphs_tile() {
  return std::make_unique<TpugraphsTilePreparation>();
}

bool holds_back_tpugraphs_tile(const std::string& name) {
  return name == "valid" || name == "test";
}

}  // namespace timetrial
