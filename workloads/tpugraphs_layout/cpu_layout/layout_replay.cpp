#include "workloads/tpugraphs_layout/cpu_layout/layout_replay.h"

#include <algorithm>
#include <stdexcept>

#include <torch/torch.h>

namespace timetrial {
namespace {

std::optional<DimensionOrder> order_of(std::span<const int8_t> minor_to_major, size_t dimensions) {
  if (std::all_of(minor_to_major.begin(), minor_to_major.end(), [](int8_t d) { return d == kNoDimension; }))
    return std::nullopt;
  DimensionOrder order;
  order.inverse.assign(dimensions, -1);
  for (size_t i = 0; i < dimensions; ++i) {
    const int64_t dimension = minor_to_major[dimensions - 1 - i];
    if (dimension < 0 || dimension >= static_cast<int64_t>(dimensions) ||
        order.inverse[static_cast<size_t>(dimension)] != -1)
      throw std::logic_error("a layout is no order of a tensor's dimensions");
    order.inverse[static_cast<size_t>(dimension)] = static_cast<int64_t>(i);
    order.major_to_minor.push_back(dimension);
  }
  return order;
}

std::vector<std::vector<int32_t>> last_uses(const ComputationGraph& graph) {
  std::vector<int32_t> last(graph.nodes.size(), -1);
  for (size_t node = 0; node < graph.nodes.size(); ++node) {
    for (const int32_t operand : graph.nodes[node].operands)
      last[static_cast<size_t>(operand)] = static_cast<int32_t>(node);
  }
  std::vector<std::vector<int32_t>> uses(graph.nodes.size());
  for (size_t node = 0; node < last.size(); ++node) {
    if (last[node] >= 0) uses[static_cast<size_t>(last[node])].push_back(static_cast<int32_t>(node));
  }
  return uses;
}

}  // namespace

at::Tensor in_order(const at::Tensor& values, const DimensionOrder& order) {
  return values.permute(order.major_to_minor).contiguous().permute(order.inverse);
}

LayoutPlan layout_plan(const LayoutGraph& graph, std::span<const LayoutConfiguration> configuration) {
  if (configuration.size() != graph.configurable.size())
    throw std::logic_error("a configuration has one entry for every configurable node");
  LayoutPlan plan;
  plan.nodes.resize(graph.graph.nodes.size());
  for (size_t i = 0; i < configuration.size(); ++i) {
    const auto id = static_cast<size_t>(graph.configurable[i]);
    const GraphNode& node = graph.graph.nodes[id];
    const auto dimensions_of = [&](size_t operand) {
      return operand < node.operands.size()
                 ? graph.graph.nodes[static_cast<size_t>(node.operands[operand])].output.dimensions.size()
                 : 0;
    };
    const auto part = [&](size_t first) {
      return std::span(configuration[i]).subspan(first, kLayoutDimensions);
    };
    plan.nodes[id] = {.output = order_of(part(0), node.output.dimensions.size()),
                      .input = order_of(part(kLayoutDimensions), dimensions_of(0)),
                      .kernel = order_of(part(2 * kLayoutDimensions), dimensions_of(1))};
  }
  return plan;
}

LayoutReplay::LayoutReplay(const LayoutGraph& graph) : graph_(&graph), last_uses_(last_uses(graph.graph)) {
  for (size_t node = 0; node < graph.graph.nodes.size(); ++node) {
    if (graph.graph.nodes[node].is_root) root_ = static_cast<int32_t>(node);
  }
}

at::Tensor LayoutReplay::run(const LayoutPlan& plan) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> values = graph_->values;
  std::vector<at::Tensor> operands;
  for (size_t node = 0; node < values.size(); ++node) {
    const NodeCall& call = graph_->calls[node];
    if (!call) continue;
    const LayoutPlan::Node& layouts = plan.nodes[node];
    operands.clear();
    for (const int32_t operand : graph_->graph.nodes[node].operands)
      operands.push_back(values[static_cast<size_t>(operand)]);
    if (layouts.input) operands[0] = in_order(operands[0], *layouts.input);
    if (layouts.kernel) operands[1] = in_order(operands[1], *layouts.kernel);
    values[node] = call(operands);
    if (layouts.output) values[node] = in_order(values[node], *layouts.output);
    for (const int32_t done : last_uses_[node]) {
      if (done != root_) values[static_cast<size_t>(done)].reset();
    }
  }
  return values[static_cast<size_t>(root_)];
}

}  // namespace timetrial
