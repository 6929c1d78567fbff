#include "workloads/tpugraphs_layout/cpu_layout/layout_choices.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "workloads/data/example_random.h"

namespace timetrial {
namespace {

constexpr int kMostNearChanges = 3;

std::vector<int64_t> random_order(const Shape& shape, ExampleRandom& random) {
  std::vector<int64_t> order(shape.dimensions.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<size_t>(random.below(static_cast<int>(i)))]);
  return order;
}

// At least one of its tensors in a random order.
LayoutConfiguration changed_node(const ComputationGraph& graph, int32_t id, ExampleRandom& random) {
  const GraphNode& node = graph.nodes[static_cast<size_t>(id)];
  const bool has_kernel = node.opcode == Opcode::convolution || node.opcode == Opcode::dot;
  const auto operand = [&](size_t i) -> const Shape& {
    return graph.nodes[static_cast<size_t>(node.operands.at(i))].output;
  };
  for (;;) {
    std::vector<int64_t> output, input, kernel;
    if (random.coin()) output = random_order(node.output, random);
    if (random.coin()) input = random_order(operand(0), random);
    if (has_kernel && random.coin()) kernel = random_order(operand(1), random);
    if (!output.empty() || !input.empty() || !kernel.empty())
      return layout_configuration(output, input, kernel);
  }
}

GraphLayouts with_changes(const LayoutGraph& graph, const std::vector<size_t>& changed,
                          ExampleRandom& random) {
  GraphLayouts layouts(graph.configurable.size(), default_layout_configuration());
  for (const size_t i : changed) layouts[i] = changed_node(graph.graph, graph.configurable[i], random);
  return layouts;
}

std::vector<size_t> near_default(size_t nodes, ExampleRandom& random) {
  std::vector<size_t> all(nodes);
  std::iota(all.begin(), all.end(), size_t{0});
  for (size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[static_cast<size_t>(random.below(static_cast<int>(i)))]);
  all.resize(std::min(nodes, static_cast<size_t>(1 + random.below(kMostNearChanges))));
  return all;
}

std::vector<size_t> anywhere(size_t nodes, ExampleRandom& random) {
  const double share = random.uniform();
  std::vector<size_t> changed;
  for (size_t i = 0; i < nodes; ++i) {
    if (random.uniform() < share) changed.push_back(i);
  }
  return changed;
}

}  // namespace

std::vector<GraphLayouts> layout_choices(const LayoutGraph& graph, int64_t count, uint64_t seed) {
  const size_t nodes = graph.configurable.size();
  ExampleRandom random(seed, 0, 0);
  std::vector<GraphLayouts> choices = {GraphLayouts(nodes, default_layout_configuration())};
  std::set<GraphLayouts> known(choices.begin(), choices.end());
  while (std::ssize(choices) < count) {
    const bool near = 2 * std::ssize(choices) < count;
    GraphLayouts next =
        with_changes(graph, near ? near_default(nodes, random) : anywhere(nodes, random), random);
    if (known.insert(next).second) choices.push_back(std::move(next));
  }
  return choices;
}

}  // namespace timetrial
