#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

// 2 M N K, for every matrix of a batch: `summed` is K.
int32_t dot(Translation& call, int32_t left, int32_t right, const Shape& output) {
  const int64_t summed = call.shape_of_node(left).dimensions.back();
  return call.add({.opcode = Opcode::dot, .operands = {left, right}, .output = output}, OutputKind::computed,
                  2 * elements_of(output) * summed);
}

// mm, bmm, mv, dot (left, right)
void product(Translation& call) {
  call.write(dot(call, call.node(0), call.node(1), call.shape()));
}

// addmm, baddbmm, addmv (self, left, right, factor of self, factor of the product)
void product_and_sum(Translation& call) {
  const Shape shape = call.shape();
  int32_t product = dot(call, call.node(1), call.node(2), shape);
  if (call.number(4, 1) != 1) product = call.elementwise(Opcode::multiply, shape, {product});
  if (call.number(3, 1) == 0) return call.write(product);
  int32_t self = call.node(0);
  if (call.number(3, 1) != 1) self = call.elementwise(Opcode::multiply, call.shape_of_node(self), {self});
  call.write(call.elementwise(Opcode::add, shape, {product, self}));
}

}  // namespace

void add_matrix_rules(RuleTable& rules) {
  for (const char* name : {"mm", "bmm", "mv", "dot"}) rules[name] = product;
  for (const char* name : {"addmm", "baddbmm", "addmv"}) rules[name] = product_and_sum;
}

}  // namespace timetrial
