#include <string>

#include "embedded/cpu_layout_files.h"
#include "workloads/graph_partition/metis_parts.h"
#include "workloads/npz/npz_data_set.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs/program_file.h"
#include "workloads/tpugraphs_layout/layout_manifest.h"
#include "workloads/tpugraphs_layout/metis_segments.h"
#include "workloads/tpugraphs_layout/segmentation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

EmbeddedFiles measured_graphs() {
  return {cpu_layout_files_names(), cpu_layout_files};
}

class TpugraphsLayoutPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "tpugraphs_layout"; }

  PreparationPlan mini_plan() const override {
    return {0,
            measured_graphs().bytes(),
            {"nothing: the measured graphs of cpu_layout are part of this program"}};
  }

  // A collection that the user measured stays (`timetrial-worker measure-configs --collection cpu_layout`).
  void make_mini(const fs::path& data_set, const fs::path&,
                 const PreparationProgress& progress) const override {
    if (fs::exists(data_set / "manifest.json")) return;
    measured_graphs().write(data_set, progress);
    complete_measured_layouts(data_set, progress);
  }

  void complete_mini(const fs::path& data_set) const override {
    if (has_metis() && !has_metis_segments(data_set))
      write_metis_segments(data_set, kMiniSegmentNodes, [](const std::string&, int64_t, int64_t) {});
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    // Damage, and arrays that do not fit together, are found by reading, a program at a time: together they
    // may need more memory than this machine has. The times of the test split are withheld.
    int64_t read = 0;
    for (const char* split : {"train", "valid"}) {
      for (const fs::path& file : program_files(data_set / split)) {
        read_layout_file(file);
        progress("programs read", ++read, 0);
      }
    }
    write_metis_segments(data_set, kFullSegmentNodes, progress);
    write_manifest(
        data_set,
        npz_manifest(data_set, {"tpugraphs-layout-",
                                "TpuGraphs layout collection (Google, Apache-2.0), brought by the user",
                                kUnpackPrograms}));
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_tpugraphs_layout() {
  return std::make_unique<TpugraphsLayoutPreparation>();
}

bool holds_back_tpugraphs_layout(const std::string& name) {
  return name == "valid" || name == "test" || holds_back_metis_segments(name);
}

}  // namespace timetrial
