#include "workloads/graph_export/translation.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <torch/torch.h>

#include "workloads/graph_export/tensor_shape.h"

namespace timetrial {
namespace {

bool gives_truth(Opcode opcode) {
  return opcode == Opcode::compare;
}

}  // namespace

std::vector<int64_t> other_dimensions(size_t rank, const std::vector<int64_t>& dropped) {
  std::vector<int64_t> kept;
  for (int64_t i = 0; i < static_cast<int64_t>(rank); ++i) {
    if (std::ranges::find(dropped, i) == dropped.end()) kept.push_back(i);
  }
  return kept;
}

bool Translation::has_tensor(size_t argument) const {
  if (argument >= call_.inputs.size() || !call_.inputs[argument].isTensor()) return false;
  const at::Tensor& tensor = call_.inputs[argument].toTensor();
  return tensor.defined() && !tensor.unsafeGetTensorImpl()->is_wrapped_number();
}

const at::Tensor& Translation::tensor(size_t argument) const {
  return call_.inputs.at(argument).toTensor();
}

std::vector<at::Tensor> Translation::tensors(size_t argument) const {
  const c10::IValue& value = call_.inputs.at(argument);
  if (value.isTensorList()) return value.toTensorVector();
  std::vector<at::Tensor> list;
  for (const c10::IValue& element : value.toListRef()) {
    if (element.isTensor()) list.push_back(element.toTensor());
  }
  return list;
}

std::vector<int64_t> Translation::integers(size_t argument) const {
  const c10::IValue& value = call_.inputs.at(argument);
  if (value.isInt()) return {value.toInt()};
  if (value.isNone()) return {};
  return value.toIntVector();
}

double Translation::number(size_t argument, double otherwise) const {
  if (argument >= call_.inputs.size()) return otherwise;
  const c10::IValue& value = call_.inputs[argument];
  if (value.isInt()) return static_cast<double>(value.toInt());
  if (value.isDouble()) return value.toDouble();
  return otherwise;
}

int32_t Translation::node(size_t argument) {
  return node_of(tensor(argument));
}

int32_t Translation::node_of(const at::Tensor& tensor) {
  const std::optional<int32_t> node = values_.read(tensor);
  if (node) return *node;
  if (!c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/true)) {
    throw std::runtime_error(
        "reads memory that no recorded operation wrote, but a kernel that LibTorch does not know of");
  }
  const int32_t constant = add(Opcode::constant, timetrial::shape_of(tensor), {});
  values_.write(tensor, constant);
  return constant;
}

Shape Translation::shape(size_t index) const {
  return timetrial::shape_of(output(index));
}

int32_t Translation::elementwise(Opcode opcode, const Shape& output, std::vector<int32_t> operands) {
  for (int32_t& operand : operands) {
    const Shape from = shape_of_node(operand);
    const bool convert = !from.dimensions.empty() && from.type != output.type && !gives_truth(opcode) &&
                         from.type != ElementType::pred;
    if (convert) {
      Shape converted = from;
      converted.type = output.type;
      operand = add(Opcode::convert, converted, {operand});
    }
    operand = broadcast(operand, output.dimensions);
  }
  return add(opcode, output, std::move(operands));
}

int32_t Translation::broadcast(int32_t operand, const std::vector<int64_t>& dimensions) {
  const size_t rank = shape_of_node(operand).dimensions.size();
  if (rank > dimensions.size()) return operand;
  std::vector<int64_t> places(rank);
  std::iota(places.begin(), places.end(), static_cast<int64_t>(dimensions.size() - rank));
  return broadcast_at(operand, dimensions, std::move(places));
}

int32_t Translation::broadcast_at(int32_t operand, const std::vector<int64_t>& dimensions,
                                  std::vector<int64_t> places) {
  const Shape from = shape_of_node(operand);
  if (from.dimensions == dimensions) return operand;
  return add({.opcode = Opcode::broadcast,
              .operands = {operand},
              .output = row_major(from.type, dimensions),
              .dimensions = std::move(places)},
             OutputKind::view);
}

int32_t Translation::reduce(int32_t operand, std::vector<int64_t> dimensions) {
  const Shape from = shape_of_node(operand);
  std::vector<int64_t> sizes;
  for (const int64_t kept : other_dimensions(from.dimensions.size(), dimensions)) {
    sizes.push_back(from.dimensions[static_cast<size_t>(kept)]);
  }
  return add({.opcode = Opcode::reduce,
              .operands = {operand},
              .output = row_major(from.type, std::move(sizes)),
              .dimensions = std::move(dimensions)});
}

int32_t Translation::reshape(int32_t operand, const Shape& output) {
  if (shape_of_node(operand).dimensions == output.dimensions) return operand;
  return add({.opcode = Opcode::reshape, .operands = {operand}, .output = output}, OutputKind::view);
}

int32_t Translation::transpose(int32_t operand, std::vector<int64_t> permutation) {
  const Shape from = shape_of_node(operand);
  Shape output = from;
  for (size_t i = 0; i < permutation.size(); ++i) {
    output.dimensions[i] = from.dimensions[static_cast<size_t>(permutation[i])];
  }
  // The memory stays as it is: dimension permutation[i] of the operand is i of the result.
  for (int64_t& dimension : output.minor_to_major) {
    dimension = std::ranges::find(permutation, dimension) - permutation.begin();
  }
  return add({.opcode = Opcode::transpose,
              .operands = {operand},
              .output = output,
              .dimensions = std::move(permutation)},
             OutputKind::view);
}

int32_t Translation::tuple_element(int32_t tuple, const Shape& output) {
  return add({.opcode = Opcode::get_tuple_element, .operands = {tuple}, .output = output}, OutputKind::view);
}

}  // namespace timetrial
