#include "workloads/computation_graph/node_features.h"

#include <algorithm>

#include "workloads/computation_graph/feature_index.h"

namespace timetrial {
namespace {

namespace at_index = feature_index;

// Writes into one row. All values of the row are 0 at first.
class RowWriter {
 public:
  explicit RowWriter(NodeFeatures& row) : row_(row) {}

  template <typename Number>
  void number(int index, Number value) {
    row_[static_cast<size_t>(index)] = static_cast<float>(value);
  }

  template <typename List>
  void list(const ListFeature& place, const List& values) {
    const size_t kept = std::min(values.size(), static_cast<size_t>(place.kept));
    for (size_t i = 0; i < kept; ++i) number(place.first + static_cast<int>(i), values[i]);
  }

  template <typename List>
  void list_with_totals(const ListFeature& place, const List& values) {
    list(place, values);
    double sum = 0;
    double product = 1;
    for (const auto value : values) {
      sum += static_cast<double>(value);
      product *= static_cast<double>(value);
    }
    number(place.sum(), sum);
    number(place.product(), product);
  }

 private:
  NodeFeatures& row_;
};

// One member of every element of a list.
template <typename Element, typename Member>
std::vector<int64_t> each(const std::vector<Element>& list, Member Element::*member) {
  std::vector<int64_t> values;
  values.reserve(list.size());
  for (const Element& element : list) values.push_back(static_cast<int64_t>(element.*member));
  return values;
}

void write_window(RowWriter& row, const std::vector<WindowDimension>& window) {
  row.list_with_totals(at_index::kWindowSize, each(window, &WindowDimension::size));
  row.list_with_totals(at_index::kWindowStride, each(window, &WindowDimension::stride));
  row.list_with_totals(at_index::kWindowPaddingLow, each(window, &WindowDimension::padding_low));
  row.list_with_totals(at_index::kWindowPaddingHigh, each(window, &WindowDimension::padding_high));
  row.list_with_totals(at_index::kWindowDilation, each(window, &WindowDimension::window_dilation));
  row.list_with_totals(at_index::kBaseDilation, each(window, &WindowDimension::base_dilation));
  row.list(at_index::kWindowReversal, each(window, &WindowDimension::reversed));
  const auto reversed = std::ranges::count_if(window, &WindowDimension::reversed);
  row.number(at_index::kReversedCount, reversed);
  row.number(at_index::kNotReversedCount, static_cast<int64_t>(window.size()) - reversed);
}

void write_convolution(RowWriter& row, const ConvolutionDimensions& numbers) {
  row.number(at_index::kInputBatch, numbers.input_batch);
  row.number(at_index::kInputFeature, numbers.input_feature);
  row.list(at_index::kInputSpatial, numbers.input_spatial);
  row.number(at_index::kKernelInputFeature, numbers.kernel_input_feature);
  row.number(at_index::kKernelOutputFeature, numbers.kernel_output_feature);
  row.list(at_index::kKernelSpatial, numbers.kernel_spatial);
  row.number(at_index::kOutputBatch, numbers.output_batch);
  row.number(at_index::kOutputFeature, numbers.output_feature);
}

void write_slices(RowWriter& row, const GraphNode& node) {
  row.list_with_totals(at_index::kSliceStart, each(node.slice, &SliceDimension::start));
  row.list_with_totals(at_index::kSliceStride, each(node.slice, &SliceDimension::stride));
  row.list_with_totals(at_index::kSliceLimit, each(node.slice, &SliceDimension::limit));
  row.list_with_totals(at_index::kDynamicSliceSizes, node.dynamic_slice_sizes);
  row.list_with_totals(at_index::kEdgePaddingLow, each(node.edge_padding, &EdgePadding::low));
  row.list_with_totals(at_index::kEdgePaddingHigh, each(node.edge_padding, &EdgePadding::high));
}

}  // namespace

NodeFeatures node_features(const GraphNode& node) {
  NodeFeatures features{};
  RowWriter row(features);
  row.number(at_index::kIsRoot, node.is_root);
  row.number(at_index::kAlwaysZero, 0);
  row.number(at_index::kElementType + static_cast<int>(node.output.type), 1);
  row.list_with_totals(at_index::kShapeDimensions, node.output.dimensions);
  row.number(at_index::kTupleSize, node.tuple_size);
  row.number(at_index::kParameterNumber, node.parameter_number);
  row.list(at_index::kDimensions, node.dimensions);
  write_window(row, node.window);
  if (node.convolution) write_convolution(row, *node.convolution);
  row.number(at_index::kFeatureGroupCount, node.feature_group_count);
  row.number(at_index::kBatchGroupCount, node.batch_group_count);
  write_slices(row, node);
  row.number(at_index::kIsStable, node.is_stable);
  row.list(at_index::kMinorToMajor, node.output.minor_to_major);
  return features;
}

std::vector<float> node_feature_matrix(const ComputationGraph& graph) {
  std::vector<float> matrix;
  matrix.reserve(graph.nodes.size() * kNodeFeatures);
  for (const GraphNode& node : graph.nodes) {
    const NodeFeatures row = node_features(node);
    matrix.insert(matrix.end(), row.begin(), row.end());
  }
  return matrix;
}

std::vector<int64_t> edge_index(const ComputationGraph& graph) {
  std::vector<int64_t> rows;
  for (size_t consumer = 0; consumer < graph.nodes.size(); ++consumer) {
    for (const int32_t operand : graph.nodes[consumer].operands) {
      rows.push_back(static_cast<int64_t>(consumer));
      rows.push_back(operand);
    }
  }
  return rows;
}

}  // namespace timetrial
