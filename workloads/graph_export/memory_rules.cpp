#include <torch/torch.h>

#include "workloads/graph_export/rules.h"
#include "workloads/graph_export/tensor_shape.h"

namespace timetrial {
namespace {

// Memory without a value: no node until it is written.
void allocate(Translation& call) {
  for (size_t i = 0; i < call.outputs(); ++i) {
    if (call.has_output(i)) call.allocate(call.output(i));
  }
}

// Filled with a number, whatever it was. Of the whole shape, as it is in memory.
void constant(Translation& call) {
  call.write(call.add(Opcode::constant, call.shape(), {}));
}

void counting(Translation& call) {
  GraphNode node{.opcode = Opcode::iota, .operands = {}, .output = call.shape()};
  node.dimensions = {0};
  call.write(call.add(std::move(node)));
}

// A copy of another type is a convert.
int32_t copied(Translation& call, int32_t from) {
  const Shape shape = call.shape();
  const bool same_type = call.shape_of_node(from).type == shape.type;
  return call.add(same_type ? Opcode::copy : Opcode::convert, shape,
                  {call.broadcast(from, shape.dimensions)});
}

void copy(Translation& call) {
  call.write(copied(call, call.node(0)));
}

// copy_(self, source)
void copy_into(Translation& call) {
  call.write(copied(call, call.node(1)));
}

// fill_(self, value): a number or a tensor of one element
void fill(Translation& call) {
  if (!call.has_tensor(1)) return constant(call);
  copy_into(call);
}

void random_bits(Translation& call) {
  call.write(call.add(Opcode::rng_bit_generator, call.shape(), {}));
}

// Ones and zeros: random bits below a limit.
void random_truth(Translation& call) {
  const Shape shape = call.shape();
  Shape truth = shape;
  truth.type = ElementType::pred;
  const int32_t bits = call.add(Opcode::rng_bit_generator, shape, {});
  const int32_t below = call.add(Opcode::compare, truth, {bits});
  call.write(call.add(Opcode::convert, shape, {below}));
}

// eye(n): places are counted and compared.
void identity(Translation& call) {
  const Shape shape = call.shape();
  const int32_t places = call.add(Opcode::iota, row_major(ElementType::s32, shape.dimensions), {});
  const int32_t diagonal =
      call.add(Opcode::compare, row_major(ElementType::pred, shape.dimensions), {places});
  call.write(call.add(Opcode::convert, shape, {diagonal}));
}

// repeat(self, counts): each dimension as often as its count
void repeated(Translation& call) {
  GraphNode node{.opcode = Opcode::broadcast, .operands = {call.node(0)}, .output = call.shape()};
  const size_t added =
      call.shape().dimensions.size() - call.shape_of_node(node.operands[0]).dimensions.size();
  for (size_t i = added; i < call.shape().dimensions.size(); ++i)
    node.dimensions.push_back(static_cast<int64_t>(i));
  call.write(call.add(std::move(node)));
}

// Reads or tells the host something, or marks a tensor: nothing is computed.
void nothing(Translation& /*call*/) {}

}  // namespace

void add_memory_rules(RuleTable& rules) {
  for (const char* name : {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "resize",
                           "resize_as", "set"}) {
    rules[name] = allocate;
  }
  for (const char* name : {"zeros", "zeros_like", "new_zeros", "zero", "ones", "ones_like", "new_ones",
                           "full", "full_like", "new_full", "scalar_tensor"}) {
    rules[name] = constant;
  }
  for (const char* name : {"clone", "_to_copy"}) rules[name] = copy;
  for (const char* name :
       {"normal", "uniform", "rand", "randn", "rand_like", "randn_like", "random", "randint"}) {
    rules[name] = random_bits;
  }
  for (const char* name : {"item", "_local_scalar_dense", "requires_grad", "retain_grad", "_assert_async"}) {
    rules[name] = nothing;
  }
  rules["arange"] = counting;
  rules["eye"] = identity;
  rules["copy"] = copy_into;
  rules["fill"] = fill;
  rules["bernoulli"] = random_truth;
  rules["repeat"] = repeated;
}

}  // namespace timetrial
