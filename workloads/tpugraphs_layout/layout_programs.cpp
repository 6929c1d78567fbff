#include "workloads/tpugraphs_layout/layout_programs.h"

#include <string>

#include "workloads/computation_graph/node_features.h"
#include "workloads/tpugraphs/column_scaling.h"
#include "workloads/tpugraphs_layout/metis_segments.h"

namespace timetrial {
namespace {

std::vector<MeasuredProgram> read_cut(const std::filesystem::path& data_set, const std::string& folder,
                                      const Segmentation& segmentation) {
  std::vector<MeasuredProgram> programs = read_layout_folder(data_set / folder);
  if (segmentation.cut == SegmentCut::metis) apply_metis_segments(data_set, folder, programs);
  if (segmentation.cut == SegmentCut::contiguous) {
    for (MeasuredProgram& program : programs)
      program.segments = contiguous_segments(program.graph.nodes(), segmentation.most_nodes);
  }
  return programs;
}

}  // namespace

LayoutPrograms read_layout_programs(const std::filesystem::path& data_set, LayoutSplits splits, bool has_test,
                                    const Segmentation& segmentation) {
  LayoutPrograms programs;
  programs.train = read_cut(data_set, "train", segmentation);
  if (splits == LayoutSplits::all) programs.validation = read_cut(data_set, "valid", segmentation);
  if (splits == LayoutSplits::all && has_test) programs.test = read_cut(data_set, "test", segmentation);
  ColumnScaling nodes(kNodeFeatures);
  for (const MeasuredProgram& program : programs.train) nodes.include(program.graph.features);
  for (std::vector<MeasuredProgram>* split : {&programs.train, &programs.validation, &programs.test}) {
    for (MeasuredProgram& program : *split) nodes.apply(program.graph.features);
  }
  return programs;
}

}  // namespace timetrial
