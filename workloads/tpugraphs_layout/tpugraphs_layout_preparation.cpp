#include <string>

#include "embedded/cpu_layout_files.h"
#include "workloads/data/whole_file.h"
#include "workloads/preparation.h"
#include "workloads/tpugraphs/program_manifest.h"
#include "workloads/tpugraphs_layout/layout_manifest.h"
#include "workloads/tpugraphs_layout/layout_programs.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

class TpugraphsLayoutPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "tpugraphs_layout"; }

  PreparationPlan mini_plan() const override {
    int64_t bytes = 0;
    for (const auto& name : cpu_layout_files_names())
      bytes += static_cast<int64_t>(cpu_layout_files(name).size());
    return {0, bytes, {"nothing: the measured graphs of cpu_layout are part of this program"}};
  }

  // A collection that the user measured stays (`timetrial-worker measure-configs --collection cpu_layout`).
  void make_mini(const fs::path& data_set, const fs::path&,
                 const PreparationProgress& progress) const override {
    if (fs::exists(data_set / "manifest.json")) return;
    const auto names = cpu_layout_files_names();
    int64_t written = 0;
    for (const auto& name : names) {
      write_whole_file(data_set / name, cpu_layout_files(name));
      progress("files written", ++written, static_cast<int64_t>(names.size()));
    }
    write_manifest(data_set, measured_layout_manifest(data_set));
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
    write_manifest(data_set, program_manifest(data_set, "tpugraphs-layout-",
                                              "TpuGraphs layout collection (Google, Apache-2.0), brought by "
                                              "the user"));
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_tpugraphs_layout() {
  return std::make_unique<TpugraphsLayoutPreparation>();
}

bool holds_back_tpugraphs_layout(const std::string& name) {
  return name == "valid" || name == "test";
}

}  // namespace timetrial
