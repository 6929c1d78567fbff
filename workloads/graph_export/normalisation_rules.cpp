#include <numeric>

#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

Shape tuple_shape() {
  return row_major(ElementType::tuple, {});
}

int32_t tuple_node(Translation& call, Opcode opcode, std::vector<int32_t> operands, int64_t size) {
  GraphNode node{.opcode = opcode, .operands = std::move(operands), .output = tuple_shape()};
  node.tuple_size = size;
  return call.add(std::move(node));
}

// One get-tuple-element for every result that there is.
std::vector<int32_t> take_apart(Translation& call, int32_t tuple) {
  std::vector<int32_t> elements;
  for (size_t i = 0; i < call.outputs(); ++i) {
    if (!call.has_output(i)) {
      elements.push_back(-1);
      continue;
    }
    elements.push_back(call.tuple_element(tuple, call.shape(i)));
    call.write(i, elements.back());
  }
  return elements;
}

// native_batch_norm(input, weight, bias, running mean, running variance, training …). The running statistics
// are moved by one node each.
void batch_norm(Translation& call) {
  std::vector<int32_t> operands = {call.node(0)};
  for (const size_t argument : {1u, 2u}) {
    if (call.has_tensor(argument)) operands.push_back(call.node(argument));
  }
  if (!call.truth(5)) {
    operands.push_back(call.node(3));
    operands.push_back(call.node(4));
    call.write(call.add(Opcode::batch_norm_inference, call.shape(), std::move(operands)));
    for (const size_t i : {1u, 2u}) call.allocate(call.output(i));
    return;
  }
  const int32_t tuple = tuple_node(call, Opcode::batch_norm_training, std::move(operands), 3);
  const std::vector<int32_t> elements = take_apart(call, tuple);
  for (const size_t i : {1u, 2u}) {
    if (!call.has_tensor(2 + i)) continue;
    const int32_t before = call.node(2 + i);
    call.write(call.tensor(2 + i),
               call.elementwise(Opcode::add, call.shape_of_node(before), {before, elements[i]}));
  }
}

// native_batch_norm_backward(gradient, input, weight, running mean, running variance, mean, deviation …)
void batch_norm_gradient(Translation& call) {
  std::vector<int32_t> operands = {call.node(1)};
  for (const size_t argument : {2u, 5u, 6u}) {
    if (call.has_tensor(argument)) operands.push_back(call.node(argument));
  }
  operands.push_back(call.node(0));
  take_apart(call, tuple_node(call, Opcode::batch_norm_grad, std::move(operands), 3));
}

// What layer norm's forward and backward share: the last dimensions are normalised, the first are rows.
class NormalisedRows {
 public:
  NormalisedRows(Translation& call, const Shape& shape, size_t normalised)
      : call_(call), shape_(row_major(shape.type, shape.dimensions)) {
    for (size_t i = 0; i < shape.dimensions.size(); ++i) {
      (i + normalised < shape.dimensions.size() ? outer_ : inner_).push_back(static_cast<int64_t>(i));
    }
  }

  int32_t of(Opcode opcode, std::vector<int32_t> operands) {
    return call_.elementwise(opcode, shape_, std::move(operands));
  }
  int32_t per_row(Opcode opcode, int32_t row) {
    return call_.elementwise(opcode, call_.shape_of_node(row), {row});
  }
  int32_t over_row(int32_t operand) { return call_.reduce(operand, inner_); }
  int32_t mean(int32_t operand) { return per_row(Opcode::divide, over_row(operand)); }
  int32_t over_rows(int32_t operand) { return call_.reduce(operand, outer_); }
  int32_t along(int32_t row) { return call_.broadcast_at(row, shape_.dimensions, outer_); }
  // Of statistics with a 1 for every normalised dimension.
  int32_t row(int32_t statistics) {
    std::vector<int64_t> sizes;
    for (const int64_t i : outer_) sizes.push_back(shape_.dimensions[static_cast<size_t>(i)]);
    return call_.reshape(statistics, row_major(call_.shape_of_node(statistics).type, std::move(sizes)));
  }

 private:
  Translation& call_;
  Shape shape_;
  std::vector<int64_t> outer_;
  std::vector<int64_t> inner_;
};

// native_layer_norm(input, normalised shape, weight, bias, epsilon): result, mean, 1 / deviation
void layer_norm(Translation& call) {
  NormalisedRows rows(call, call.shape(), call.integers(1).size());
  const int32_t x = call.node(0);
  const int32_t mean = rows.mean(x);
  const int32_t centred = rows.of(Opcode::subtract, {x, rows.along(mean)});
  const int32_t variance = rows.mean(rows.of(Opcode::multiply, {centred, centred}));
  const int32_t scale = rows.per_row(Opcode::rsqrt, rows.per_row(Opcode::add, variance));
  int32_t result = rows.of(Opcode::multiply, {centred, rows.along(scale)});
  if (call.has_tensor(2)) result = rows.of(Opcode::multiply, {result, call.node(2)});
  if (call.has_tensor(3)) result = rows.of(Opcode::add, {result, call.node(3)});
  call.write(result);
  call.write(1, call.reshape(mean, call.shape(1)));
  call.write(2, call.reshape(scale, call.shape(2)));
}

// native_layer_norm_backward(gradient, input, normalised shape, mean, 1 / deviation, weight, bias, wanted)
void layer_norm_gradient(Translation& call) {
  const int32_t x = call.node(1);
  NormalisedRows rows(call, call.shape_of_node(x), call.integers(2).size());
  const int32_t gradient = call.node(0);
  const int32_t mean = rows.along(rows.row(call.node(3)));
  const int32_t scale = rows.along(rows.row(call.node(4)));
  const int32_t normal = rows.of(Opcode::multiply, {rows.of(Opcode::subtract, {x, mean}), scale});
  if (call.has_output(0)) {
    const int32_t inner = call.has_tensor(5) ? rows.of(Opcode::multiply, {gradient, call.node(5)}) : gradient;
    const int32_t share = rows.mean(rows.of(Opcode::multiply, {inner, normal}));
    const int32_t projected = rows.of(Opcode::multiply, {normal, rows.along(share)});
    const int32_t left = rows.of(Opcode::subtract, {inner, rows.along(rows.mean(inner))});
    call.write(rows.of(Opcode::multiply, {rows.of(Opcode::subtract, {left, projected}), scale}));
  }
  if (call.has_output(1)) call.write(1, rows.over_rows(rows.of(Opcode::multiply, {gradient, normal})));
  if (call.has_output(2)) call.write(2, rows.over_rows(gradient));
}

}  // namespace

void add_normalisation_rules(RuleTable& rules) {
  rules["native_batch_norm"] = batch_norm;
  rules["native_batch_norm_backward"] = batch_norm_gradient;
  rules["native_layer_norm"] = layer_norm;
  rules["native_layer_norm_backward"] = layer_norm_gradient;
}

}  // namespace timetrial
