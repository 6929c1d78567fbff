#pragma once

// One call of an ATen operation on its way into the graph: what the rules see of it and what they make of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include "workloads/graph_export/graph_builder.h"
#include "workloads/graph_export/value_table.h"

namespace timetrial {

struct RecordedCall {
  std::string name;                 // "add": without namespace, overload and the underscore of in-place forms
  std::string overload;             // "Tensor"
  std::vector<c10::IValue> inputs;  // all arguments of the schema, in order
  std::vector<at::Tensor> outputs;  // lists laid flat; undefined ones are kept
};

class Translation {
 public:
  Translation(const RecordedCall& call, ValueTable& values, GraphBuilder& graph)
      : call_(call), values_(values), graph_(graph) {}

  const RecordedCall& call() const { return call_; }
  bool is(std::string_view name) const { return call_.name == name; }

  // Arguments. A number that LibTorch wrapped into a tensor is no tensor.
  bool has_tensor(size_t argument) const;
  const at::Tensor& tensor(size_t argument) const;
  std::vector<at::Tensor> tensors(size_t argument) const;
  std::vector<int64_t> integers(size_t argument) const;  // an int is a list of one
  int64_t integer(size_t argument) const { return call_.inputs.at(argument).toInt(); }
  bool truth(size_t argument) const { return call_.inputs.at(argument).toBool(); }
  // A scalar or number; `otherwise` where the argument is none.
  double number(size_t argument, double otherwise) const;

  // The node that a tensor argument shows. Throws std::runtime_error, which says so, where memory is read
  // that no recorded operation wrote.
  int32_t node(size_t argument);
  int32_t node_of(const at::Tensor& tensor);
  // The same, but nothing for memory without a value, whose views may be made before it is written.
  std::optional<int32_t> node_if_written(size_t argument) { return values_.read(tensor(argument)); }

  // The same where one node made all of the argument. What is in pieces is read when a view of it is: the
  // view may lie in one.
  std::optional<int32_t> node_if_whole(size_t argument) {
    return values_.is_whole(tensor(argument)) ? values_.read(tensor(argument)) : std::nullopt;
  }

  // Results.
  size_t outputs() const { return call_.outputs.size(); }
  bool has_output(size_t index) const { return index < outputs() && call_.outputs[index].defined(); }
  const at::Tensor& output(size_t index = 0) const { return call_.outputs.at(index); }
  Shape shape(size_t index = 0) const;  // of a result
  Shape shape_of_node(int32_t id) const { return graph_.node(id).output; }
  void write(int32_t node) { write(output(), node); }
  void write(size_t index, int32_t node) { write(output(index), node); }
  void write(const at::Tensor& tensor, int32_t node) { values_.write(tensor, node); }
  void show(size_t index, int32_t node) { values_.show(output(index), node); }
  void allocate(const at::Tensor& tensor) { values_.allocate(tensor); }

  // Nodes.
  int32_t add(GraphNode node, OutputKind kind = OutputKind::computed,
              std::optional<int64_t> flops = std::nullopt) {
    return graph_.add(std::move(node), kind, flops);
  }
  int32_t add(Opcode opcode, const Shape& output, std::vector<int32_t> operands) {
    return graph_.add(opcode, output, std::move(operands));
  }
  // Operands of other shapes are broadcast; where the result is a number those of other types are converted.
  int32_t elementwise(Opcode opcode, const Shape& output, std::vector<int32_t> operands);
  int32_t broadcast(int32_t operand,
                    const std::vector<int64_t>& dimensions);  // aligned at the last dimension
  // operand's dimension i becomes `places[i]` of the result
  int32_t broadcast_at(int32_t operand, const std::vector<int64_t>& dimensions, std::vector<int64_t> places);
  int32_t reduce(int32_t operand, std::vector<int64_t> dimensions);  // these dimensions vanish
  int32_t reshape(int32_t operand, const Shape& output);             // itself where the shape is the same
  int32_t transpose(int32_t operand, std::vector<int64_t> permutation);
  int32_t tuple_element(int32_t tuple, const Shape& output);

 private:
  const RecordedCall& call_;
  ValueTable& values_;
  GraphBuilder& graph_;
};

// [rank] 0, 1 … without `dropped`
std::vector<int64_t> other_dimensions(size_t rank, const std::vector<int64_t>& dropped);

}  // namespace timetrial
