#include <string>

#include "embedded/mini_graph_files.h"
#include "workloads/graph_optimizer/graph_manifest.h"
#include "workloads/graph_optimizer/planned_graph.h"
#include "workloads/npz/npz_data_set.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

EmbeddedFiles mini_graphs() {
  return {mini_graph_files_names(), mini_graph_files};
}

class GraphOptimizerPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "graph_optimizer"; }

  PreparationPlan mini_plan() const override {
    return {0, mini_graphs().bytes(), {"nothing: the graphs are part of this program"}};
  }

  void make_mini(const fs::path& data_set, const fs::path&,
                 const PreparationProgress& progress) const override {
    mini_graphs().write(data_set, progress);
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
