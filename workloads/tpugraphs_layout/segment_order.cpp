#include "workloads/tpugraphs_layout/segment_order.h"

#include <algorithm>
#include <numeric>

#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/node_features.h"

namespace timetrial {
namespace {

// Rows of `width` values, of which the i-th becomes what was rows[order[i]].
template <typename Value>
void reorder_rows(std::vector<Value>& rows, size_t width, const std::vector<int32_t>& order,
                  size_t first_row = 0) {
  const std::vector<Value> before(
      rows.begin() + static_cast<std::ptrdiff_t>(first_row * width),
      rows.begin() + static_cast<std::ptrdiff_t>((first_row + order.size()) * width));
  for (size_t i = 0; i < order.size(); ++i) {
    const auto from = before.begin() + static_cast<std::ptrdiff_t>(static_cast<size_t>(order[i]) * width);
    std::copy_n(from, width, rows.begin() + static_cast<std::ptrdiff_t>((first_row + i) * width));
  }
}

void reorder_configurable(MeasuredProgram& program, const std::vector<int32_t>& place) {
  std::vector<int32_t>& nodes = program.configurable;
  for (int32_t& node : nodes) node = place[static_cast<size_t>(node)];
  std::vector<int32_t> order(nodes.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return nodes[static_cast<size_t>(a)] < nodes[static_cast<size_t>(b)];
  });
  std::sort(nodes.begin(), nodes.end());
  for (size_t configuration = 0; configuration < program.times.size(); ++configuration)
    reorder_rows(program.layouts, kLayoutConfigurationValues, order, configuration * order.size());
}

}  // namespace

void order_by_segment(MeasuredProgram& program, const std::vector<int32_t>& segment_of_node) {
  std::vector<int32_t> order(segment_of_node.size()), place(segment_of_node.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return segment_of_node[static_cast<size_t>(a)] < segment_of_node[static_cast<size_t>(b)];
  });
  program.segments.clear();
  for (size_t i = 0; i < order.size(); ++i) {
    const auto node = static_cast<size_t>(order[i]);
    place[node] = static_cast<int32_t>(i);
    const auto begin = static_cast<int64_t>(i);
    if (segment_of_node[node] == std::ssize(program.segments)) program.segments.push_back({begin, begin});
    program.segments.back().end = begin + 1;
  }
  reorder_rows(program.graph.features, static_cast<size_t>(kNodeFeatures), order);
  reorder_rows(program.graph.opcodes, 1, order);
  for (std::vector<int32_t>* ends : {&program.graph.consumers, &program.graph.producers})
    for (int32_t& node : *ends) node = place[static_cast<size_t>(node)];
  reorder_configurable(program, place);
  program.splits.clear();
}

}  // namespace timetrial
