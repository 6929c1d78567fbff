#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

// Over all dimensions of an image, of which the last are pooled. An empty stride is the size of the kernel.
std::vector<WindowDimension> pooling_window(const Translation& call, size_t first, size_t rank) {
  const std::vector<int64_t> sizes = call.integers(first);
  const std::vector<int64_t> stride = call.integers(first + 1).empty() ? sizes : call.integers(first + 1);
  const std::vector<int64_t> padding = call.integers(first + 2);
  std::vector<WindowDimension> window(rank);
  const auto at = [](const std::vector<int64_t>& values, size_t i) {
    return values.size() == 1 ? values[0] : values.at(i);
  };
  const size_t pooled = 2;
  for (size_t i = 0; i < pooled; ++i) {
    window.at(rank - pooled + i) = {.size = at(sizes, i),
                                    .stride = at(stride, i),
                                    .padding_low = at(padding, i),
                                    .padding_high = at(padding, i)};
  }
  return window;
}

int32_t pooled(Translation& call, int32_t operand) {
  GraphNode node{.opcode = Opcode::reduce_window, .operands = {operand}, .output = call.shape()};
  node.window = pooling_window(call, 1, node.output.dimensions.size());
  return call.add(std::move(node));
}

// max_pool2d_with_indices(self, kernel, stride, padding …): XLA finds the places again in the backward pass.
void max_pool(Translation& call) {
  const int32_t node = pooled(call, call.node(0));
  call.write(node);
  call.write(1, node);
}

// max_pool2d_with_indices_backward(gradient, self, kernel, stride, padding …)
void max_pool_gradient(Translation& call) {
  GraphNode node{
      .opcode = Opcode::select_and_scatter, .operands = {call.node(1), call.node(0)}, .output = call.shape()};
  node.window = pooling_window(call, 2, node.output.dimensions.size());
  call.write(call.add(std::move(node)));
}

// avg_pool2d(self, kernel, stride, padding …)
void average_pool(Translation& call) {
  call.write(call.elementwise(Opcode::divide, call.shape(), {pooled(call, call.node(0))}));
}

// avg_pool2d_backward(gradient, self, kernel, stride, padding …): every share goes to all of its window
void average_pool_gradient(Translation& call) {
  const int32_t gradient = call.node(0);
  const Shape small = call.shape_of_node(gradient);
  const int32_t share = call.elementwise(Opcode::divide, small, {gradient});
  GraphNode node{.opcode = Opcode::reduce_window, .operands = {share}, .output = call.shape()};
  node.window = pooling_window(call, 2, node.output.dimensions.size());
  for (size_t i = 0; i < node.window.size(); ++i) {
    WindowDimension& window = node.window[i];
    const int64_t spread = (small.dimensions[i] - 1) * window.stride + 1;
    window = {.size = window.size,
              .padding_low = window.size - 1 - window.padding_low,
              .padding_high = node.output.dimensions[i] - spread + window.padding_low,
              .base_dilation = window.stride};
  }
  call.write(call.add(std::move(node)));
}

}  // namespace

void add_pooling_rules(RuleTable& rules) {
  rules["max_pool2d_with_indices"] = max_pool;
  rules["max_pool2d_with_indices_backward"] = max_pool_gradient;
  rules["avg_pool2d"] = average_pool;
  rules["avg_pool2d_backward"] = average_pool_gradient;
}

}  // namespace timetrial
