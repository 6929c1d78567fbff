#include <cmath>
#include <numeric>

#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

std::vector<int64_t> all_dimensions(const Shape& shape) {
  std::vector<int64_t> all(shape.dimensions.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  return all;
}

// The dimensions that an argument names; all of them where it names none.
std::vector<int64_t> named_dimensions(const Translation& call, size_t argument, const Shape& shape) {
  std::vector<int64_t> named;
  const auto& inputs = call.call().inputs;
  if (argument < inputs.size() && (inputs[argument].isInt() || inputs[argument].isIntList())) {
    named = call.integers(argument);
  }
  for (int64_t& dimension : named) {
    dimension = at::maybe_wrap_dim(dimension, static_cast<int64_t>(shape.dimensions.size()));
  }
  return named.empty() ? all_dimensions(shape) : named;
}

int32_t in_type(Translation& call, int32_t operand, ElementType type) {
  Shape shape = call.shape_of_node(operand);
  if (shape.type == type) return operand;
  shape.type = type;
  return call.add(Opcode::convert, shape, {operand});
}

// sum, mean, amax, amin, prod, any, all, argmax … over the dimensions of argument 1
void reduced(Translation& call) {
  const Shape out = call.shape();
  int32_t operand = call.node(0);
  const bool keeps_type = call.is("argmax") || call.is("argmin");
  if (!keeps_type) operand = in_type(call, operand, out.type);
  const bool names_them = !call.call().overload.empty() || call.is("amax") || call.is("amin") || keeps_type;
  const Shape from = call.shape_of_node(operand);
  int32_t result = call.reduce(operand, names_them ? named_dimensions(call, 1, from) : all_dimensions(from));
  if (keeps_type) result = in_type(call, result, out.type);
  if (call.is("mean")) result = call.elementwise(Opcode::divide, call.shape_of_node(result), {result});
  call.write(call.reshape(result, out));
}

// max(self), max(self, dim): also where; aminmax: both ends
void extreme(Translation& call) {
  const int32_t operand = call.node(0);
  const Shape from = call.shape_of_node(operand);
  for (size_t i = 0; i < call.outputs(); ++i) {
    const auto dimensions =
        call.outputs() > 1 && call.is("max") ? named_dimensions(call, 1, from) : all_dimensions(from);
    const int32_t result = in_type(call, call.reduce(operand, dimensions), call.shape(i).type);
    call.write(i, call.reshape(result, call.shape(i)));
  }
}

// linalg_vector_norm(self, order, dimensions …), and norm with the same arguments
void norm(Translation& call) {
  const int32_t operand = call.node(0);
  const Shape from = call.shape_of_node(operand);
  const double order = call.number(1, 2);
  int32_t powers = -1;
  if (order == 2) {
    powers = call.elementwise(Opcode::multiply, from, {operand, operand});
  } else {
    powers = call.elementwise(Opcode::abs, from, {operand});
    if (order != 1 && std::isfinite(order)) powers = call.elementwise(Opcode::power, from, {powers});
  }
  int32_t result = call.reduce(powers, named_dimensions(call, 2, from));
  if (order == 2)
    result = call.elementwise(Opcode::sqrt, call.shape_of_node(result), {result});
  else if (order != 1 && std::isfinite(order))
    result = call.elementwise(Opcode::power, call.shape_of_node(result), {result});
  call.write(call.reshape(result, call.shape()));
}

// A softmax's parts along one dimension.
class Rows {
 public:
  Rows(Translation& call, const Shape& shape, int64_t dimension)
      : call_(call),
        shape_(shape),
        dimension_(shape.dimensions.empty()
                       ? 0
                       : at::maybe_wrap_dim(dimension, static_cast<int64_t>(shape.dimensions.size()))) {}

  int32_t of(Opcode opcode, std::vector<int32_t> operands) {
    return call_.elementwise(opcode, shape_, std::move(operands));
  }
  int32_t over(int32_t operand) {
    return call_.reduce(operand,
                        shape_.dimensions.empty() ? std::vector<int64_t>{} : std::vector{dimension_});
  }
  int32_t along(int32_t row) {
    return call_.broadcast_at(row, shape_.dimensions,
                              other_dimensions(shape_.dimensions.size(), {dimension_}));
  }

 private:
  Translation& call_;
  Shape shape_;
  int64_t dimension_;
};

int32_t without_largest(Rows& rows, int32_t x) {
  return rows.of(Opcode::subtract, {x, rows.along(rows.over(x))});
}

// _softmax(self, dim), and the form whose rows may be masked altogether
void softmax(Translation& call) {
  Rows rows(call, call.shape(), call.integer(1));
  const int32_t powers =
      rows.of(Opcode::exponential, {without_largest(rows, in_type(call, call.node(0), call.shape().type))});
  call.write(rows.of(Opcode::divide, {powers, rows.along(rows.over(powers))}));
}

// _softmax_backward_data(gradient, output, dim): y (g - sum g y)
void softmax_gradient(Translation& call) {
  Rows rows(call, call.shape(), call.integer(2));
  const int32_t gradient = call.node(0);
  const int32_t y = call.node(1);
  const int32_t sum = rows.over(rows.of(Opcode::multiply, {gradient, y}));
  call.write(rows.of(Opcode::multiply, {y, rows.of(Opcode::subtract, {gradient, rows.along(sum)})}));
}

void log_softmax(Translation& call) {
  Rows rows(call, call.shape(), call.integer(1));
  const int32_t shifted = without_largest(rows, in_type(call, call.node(0), call.shape().type));
  const int32_t sum = rows.over(rows.of(Opcode::exponential, {shifted}));
  const int32_t logarithm = call.elementwise(Opcode::log, call.shape_of_node(sum), {sum});
  call.write(rows.of(Opcode::subtract, {shifted, rows.along(logarithm)}));
}

// _log_softmax_backward_data(gradient, output, dim): g - e^y sum g
void log_softmax_gradient(Translation& call) {
  Rows rows(call, call.shape(), call.integer(2));
  const int32_t gradient = call.node(0);
  const int32_t sum = rows.over(gradient);
  const int32_t share = rows.of(Opcode::exponential, {call.node(1)});
  call.write(rows.of(Opcode::subtract, {gradient, rows.of(Opcode::multiply, {share, rows.along(sum)})}));
}

// logsumexp(self, dims): along one dimension
void log_sum(Translation& call) {
  const int32_t operand = call.node(0);
  const Shape from = call.shape_of_node(operand);
  Rows rows(call, from, named_dimensions(call, 1, from).front());
  const int32_t largest = rows.over(operand);
  const int32_t shifted = rows.of(Opcode::subtract, {operand, rows.along(largest)});
  const int32_t sum = rows.over(rows.of(Opcode::exponential, {shifted}));
  const Shape row = call.shape_of_node(sum);
  const int32_t logarithm = call.elementwise(Opcode::log, row, {sum});
  call.write(call.reshape(call.elementwise(Opcode::add, row, {logarithm, largest}), call.shape()));
}

// cumsum(self, dim): a window that reaches back to the start
void running_sum(Translation& call) {
  GraphNode node{.opcode = Opcode::reduce_window, .operands = {call.node(0)}, .output = call.shape()};
  node.window.resize(node.output.dimensions.size());
  const auto dimension = static_cast<size_t>(
      at::maybe_wrap_dim(call.integer(1), static_cast<int64_t>(node.output.dimensions.size())));
  const int64_t size = node.output.dimensions[dimension];
  node.window[dimension].size = size;
  node.window[dimension].padding_low = size - 1;
  // Work of a scan, not of the windows.
  call.write(call.add(std::move(node), OutputKind::computed, elements_of(call.shape())));
}

void sorted(Translation& call) {
  const int32_t node = call.add(Opcode::sort, call.shape_of_node(call.node(0)), {call.node(0)});
  for (size_t i = 0; i < call.outputs(); ++i) call.write(i, node);
}

}  // namespace

void add_reduction_rules(RuleTable& rules) {
  for (const char* name : {"sum", "mean", "amax", "amin", "prod", "any", "all", "argmax", "argmin"}) {
    rules[name] = reduced;
  }
  for (const char* name : {"max", "min", "aminmax"}) rules[name] = extreme;
  for (const char* name : {"_softmax", "_safe_softmax"}) rules[name] = softmax;
  for (const char* name : {"sort", "topk"}) rules[name] = sorted;
  for (const char* name : {"linalg_vector_norm", "norm"}) rules[name] = norm;
  rules["_softmax_backward_data"] = softmax_gradient;
  rules["_log_softmax"] = log_softmax;
  rules["_log_softmax_backward_data"] = log_softmax_gradient;
  rules["logsumexp"] = log_sum;
  rules["cumsum"] = running_sum;
}

}  // namespace timetrial
