#include <string>

#include "embedded/mini_graph_files.h"
#include "workloads/data/whole_file.h"
#include "workloads/graph_optimizer/graph_manifest.h"
#include "workloads/graph_optimizer/planned_graph.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

class GraphOptimizerPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "graph_optimizer"; }

  PreparationPlan mini_plan() const override {
    int64_t bytes = 0;
    for (const auto& name : mini_graph_files_names())
      bytes += static_cast<int64_t>(mini_graph_files(name).size());
    return {0, bytes, {"nothing: the graphs are part of this program"}};
  }

  void make_mini(const fs::path& data_set, const fs::path&,
                 const PreparationProgress& progress) const override {
    const auto names = mini_graph_files_names();
    int64_t written = 0;
    for (const auto& name : names) {
      write_whole_file(data_set / name, mini_graph_files(name));
      progress("files written", ++written, static_cast<int64_t>(names.size()));
    }
    write_manifest(data_set, graph_manifest(data_set));
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    progress("reading graphs", 0, 0);
    const DataSetManifest manifest = graph_manifest(data_set);
    for (const char* split : {"train", "valid", "test"}) read_planned_graphs(data_set, split, "");
    write_manifest(data_set, manifest);
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_graph_optimizer() {
  return std::make_unique<GraphOptimizerPreparation>();
}

bool holds_back_graph_optimizer(const std::string& name) {
  return name == "valid" || name == "test";
}

}  // namespace timetrial
