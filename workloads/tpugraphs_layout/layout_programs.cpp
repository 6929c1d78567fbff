#include "workloads/tpugraphs_layout/layout_programs.h"

#include "workloads/computation_graph/node_features.h"
#include "workloads/tpugraphs/column_scaling.h"

namespace timetrial {

LayoutPrograms read_layout_programs(const std::filesystem::path& data_set, LayoutSplits splits,
                                    bool has_test) {
  LayoutPrograms programs;
  programs.train = read_layout_folder(data_set / "train");
  if (splits == LayoutSplits::all) programs.validation = read_layout_folder(data_set / "valid");
  if (splits == LayoutSplits::all && has_test) programs.test = read_layout_folder(data_set / "test");
  ColumnScaling nodes(kNodeFeatures);
  for (const MeasuredProgram& program : programs.train) nodes.include(program.graph.features);
  for (std::vector<MeasuredProgram>* split : {&programs.train, &programs.validation, &programs.test}) {
    for (MeasuredProgram& program : *split) nodes.apply(program.graph.features);
  }
  return programs;
}

}  // namespace timetrial
