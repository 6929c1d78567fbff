#include "workloads/tpugraphs_layout/cpu_layout/layout_graph.h"

#include <stdexcept>
#include <utility>

#include <torch/torch.h>

#include "harness/random/split_mix.h"

namespace timetrial {
namespace {

using Values = std::span<const at::Tensor>;

at::Tensor made_up(const std::vector<int64_t>& shape, int64_t number) {
  at::Tensor values = torch::empty(shape, at::kFloat);
  auto* data = values.data_ptr<float>();
  uint64_t state = split_mix_bits(static_cast<uint64_t>(number) + 1);
  // Small: products of many stay finite.
  for (int64_t i = 0; i < values.numel(); ++i)
    data[i] = static_cast<float>(
                  static_cast<double>(split_mix_bits(state += kSplitMixIncrement) >> 11) * 0x1.0p-53 - 0.5) *
              0.5F;
  return values;
}

GraphNode node_of(Opcode opcode, std::vector<int32_t> operands, std::vector<int64_t> dimensions = {}) {
  GraphNode node;
  node.opcode = opcode;
  node.operands = std::move(operands);
  node.dimensions = std::move(dimensions);
  return node;
}

NodeCall unary_call(Opcode opcode) {
  switch (opcode) {
    case Opcode::exponential:
      return [](Values of) { return at::exp(of[0]); };
    case Opcode::rsqrt:
      return [](Values of) { return at::rsqrt(of[0]); };
    case Opcode::tanh:
      return [](Values of) { return at::tanh(of[0]); };
    case Opcode::logistic:
      return [](Values of) { return at::sigmoid(of[0]); };
    case Opcode::negate:
      return [](Values of) { return at::neg(of[0]); };
    default:
      throw std::logic_error("no unary operation of the layout collection");
  }
}

NodeCall binary_call(Opcode opcode) {
  switch (opcode) {
    case Opcode::add:
      return [](Values of) { return at::add(of[0], of[1]); };
    case Opcode::subtract:
      return [](Values of) { return at::sub(of[0], of[1]); };
    case Opcode::multiply:
      return [](Values of) { return at::mul(of[0], of[1]); };
    case Opcode::divide:
      return [](Values of) { return at::div(of[0], of[1]); };
    case Opcode::maximum:
      return [](Values of) { return at::maximum(of[0], of[1]); };
    case Opcode::compare:
      return [](Values of) { return at::gt(of[0], of[1]); };
    default:
      throw std::logic_error("no binary operation of the layout collection");
  }
}

}  // namespace

int32_t LayoutGraphBuilder::add(GraphNode node, NodeCall call, at::Tensor value) {
  node.output =
      row_major(value.scalar_type() == at::kBool ? ElementType::pred : ElementType::f32, value.sizes().vec());
  result_.graph.nodes.push_back(std::move(node));
  result_.values.push_back(call ? at::Tensor() : value);
  result_.calls.push_back(std::move(call));
  outputs_.push_back(std::move(value));
  return static_cast<int32_t>(outputs_.size()) - 1;
}

int32_t LayoutGraphBuilder::operation(GraphNode node, NodeCall call) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> operands;
  for (const int32_t operand : node.operands) operands.push_back(outputs_.at(static_cast<size_t>(operand)));
  at::Tensor value = call(operands);
  return add(std::move(node), std::move(call), std::move(value));
}

int32_t LayoutGraphBuilder::parameter(const std::vector<int64_t>& shape) {
  GraphNode node = node_of(Opcode::parameter, {});
  node.parameter_number = parameters_;
  return add(std::move(node), {}, made_up(shape, parameters_++));
}

int32_t LayoutGraphBuilder::constant(double value) {
  return add(node_of(Opcode::constant, {}), {}, torch::full({}, value, at::kFloat));
}

int32_t LayoutGraphBuilder::unary(Opcode opcode, int32_t operand) {
  return operation(node_of(opcode, {operand}), unary_call(opcode));
}

int32_t LayoutGraphBuilder::binary(Opcode opcode, int32_t left, int32_t right) {
  return operation(node_of(opcode, {left, right}), binary_call(opcode));
}

int32_t LayoutGraphBuilder::select(int32_t condition, int32_t yes, int32_t no) {
  return operation(node_of(Opcode::select, {condition, yes, no}),
                   [](Values of) { return at::where(of[0], of[1], of[2]); });
}

int32_t LayoutGraphBuilder::broadcast(int32_t operand, const std::vector<int64_t>& shape,
                                      const std::vector<int64_t>& dimensions) {
  const std::vector<int64_t> before = this->shape(operand);
  std::vector<int64_t> aligned(shape.size(), 1);
  for (size_t i = 0; i < dimensions.size(); ++i)
    aligned.at(static_cast<size_t>(dimensions[i])) = before.at(i);
  return operation(node_of(Opcode::broadcast, {operand}, dimensions),
                   [aligned, shape](Values of) { return of[0].reshape(aligned).expand(shape); });
}

int32_t LayoutGraphBuilder::reduce(Reduction reduction, int32_t operand,
                                   const std::vector<int64_t>& dimensions) {
  const int32_t start = constant(reduction == Reduction::sum ? 0 : -std::numeric_limits<float>::infinity());
  NodeCall call;
  if (reduction == Reduction::sum)
    call = [dimensions](Values of) { return at::sum(of[0], dimensions); };
  else
    call = [dimensions](Values of) { return at::amax(of[0], dimensions); };
  return operation(node_of(Opcode::reduce, {operand, start}, dimensions), std::move(call));
}

int32_t LayoutGraphBuilder::transpose(int32_t operand, const std::vector<int64_t>& dimensions) {
  return operation(node_of(Opcode::transpose, {operand}, dimensions),
                   [dimensions](Values of) { return of[0].permute(dimensions); });
}

int32_t LayoutGraphBuilder::reshape(int32_t operand, const std::vector<int64_t>& shape) {
  return operation(node_of(Opcode::reshape, {operand}), [shape](Values of) { return of[0].reshape(shape); });
}

int32_t LayoutGraphBuilder::dot(int32_t left, int32_t right) {
  const int32_t node =
      operation(node_of(Opcode::dot, {left, right}), [](Values of) { return at::matmul(of[0], of[1]); });
  configure(node);
  return node;
}

int32_t LayoutGraphBuilder::convolve(int32_t input, int32_t kernel, int64_t groups, bool reversed,
                                     NodeCall call) {
  const std::vector<int64_t> window = shape(kernel);
  GraphNode node = node_of(Opcode::convolution, {input, kernel});
  for (const size_t d : {size_t{2}, size_t{3}}) {
    node.window.push_back({.size = window[d],
                           .padding_low = window[d] / 2,
                           .padding_high = window[d] / 2,
                           .reversed = reversed});
  }
  // A gradient takes the kernel's outputs for its inputs.
  node.convolution = {.input_batch = 0,
                      .input_feature = 1,
                      .input_spatial = {2, 3},
                      .kernel_input_feature = reversed ? 0 : 1,
                      .kernel_output_feature = reversed ? 1 : 0,
                      .kernel_spatial = {2, 3},
                      .output_batch = 0,
                      .output_feature = 1};
  node.feature_group_count = groups;
  node.batch_group_count = 1;
  const int32_t id = operation(std::move(node), std::move(call));
  configure(id);
  return id;
}

int32_t LayoutGraphBuilder::convolution(int32_t input, int32_t kernel, int64_t groups) {
  const int64_t padding = shape(kernel)[2] / 2;
  return convolve(input, kernel, groups, /*reversed=*/false, [padding, groups](Values of) {
    return at::conv2d(of[0], of[1], {}, /*stride=*/1, padding, /*dilation=*/1, groups);
  });
}

int32_t LayoutGraphBuilder::convolution_gradient(int32_t gradient, int32_t kernel, int64_t groups) {
  const int64_t padding = shape(kernel)[2] / 2;
  return convolve(gradient, kernel, groups, /*reversed=*/true, [padding, groups](Values of) {
    return at::conv_transpose2d(of[0], of[1], {}, /*stride=*/1, padding, /*output_padding=*/0, groups);
  });
}

void LayoutGraphBuilder::configure(int32_t node) {
  result_.configurable.push_back(node);
}

std::vector<int64_t> LayoutGraphBuilder::shape(int32_t node) const {
  return outputs_.at(static_cast<size_t>(node)).sizes().vec();
}

LayoutGraph LayoutGraphBuilder::finish(std::string name, int32_t root, size_t most) {
  result_.name = std::move(name);
  result_.graph.nodes.at(static_cast<size_t>(root)).is_root = true;
  const std::vector<int32_t> all = std::exchange(result_.configurable, {});
  const size_t count = std::min(all.size(), most);
  for (size_t i = 0; i < count; ++i) result_.configurable.push_back(all[i * all.size() / count]);
  validate(result_.graph);
  outputs_.clear();
  return std::move(result_);
}

}  // namespace timetrial
