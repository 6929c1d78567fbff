#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

const std::unordered_map<std::string, Opcode>& opcodes() {
  static const std::unordered_map<std::string, Opcode> table = {
      {"abs", Opcode::abs},
      {"ceil", Opcode::ceil},
      {"cos", Opcode::cosine},
      {"exp", Opcode::exponential},
      {"expm1", Opcode::exponential_minus_one},
      {"floor", Opcode::floor},
      {"log", Opcode::log},
      {"log1p", Opcode::log_plus_one},
      {"neg", Opcode::negate},
      {"reciprocal", Opcode::divide},
      {"relu", Opcode::maximum},
      {"round", Opcode::round_nearest_even},
      {"rsqrt", Opcode::rsqrt},
      {"sgn", Opcode::sign},
      {"sigmoid", Opcode::logistic},
      {"sign", Opcode::sign},
      {"sin", Opcode::sine},
      {"sqrt", Opcode::sqrt},
      {"tanh", Opcode::tanh},
      {"logical_not", Opcode::bitwise_not},
      {"bitwise_not", Opcode::bitwise_not},
      {"isneginf", Opcode::compare},
      {"isinf", Opcode::compare},
      {"isnan", Opcode::compare},
      {"isfinite", Opcode::is_finite},
      // of two
      {"clamp_min", Opcode::maximum},
      {"clamp_max", Opcode::minimum},
      {"clamp", Opcode::clamp},
      {"hardtanh", Opcode::clamp},
      {"div", Opcode::divide},
      {"maximum", Opcode::maximum},
      {"minimum", Opcode::minimum},
      {"mul", Opcode::multiply},
      {"remainder", Opcode::remainder},
      {"fmod", Opcode::remainder},
      {"atan2", Opcode::atan2},
      {"eq", Opcode::compare},
      {"ne", Opcode::compare},
      {"lt", Opcode::compare},
      {"le", Opcode::compare},
      {"gt", Opcode::compare},
      {"ge", Opcode::compare},
      {"logical_and", Opcode::bitwise_and},
      {"logical_or", Opcode::bitwise_or},
      {"logical_xor", Opcode::bitwise_xor},
      {"bitwise_and", Opcode::bitwise_and},
      {"bitwise_or", Opcode::bitwise_or},
      {"bitwise_xor", Opcode::bitwise_xor},
  };
  return table;
}

bool takes_two(const Translation& call) {
  for (const char* name :
       {"div",        "maximum",     "minimum",     "mul",        "remainder",   "fmod",      "atan2",
        "eq",         "ne",          "lt",          "le",         "gt",          "ge",        "logical_and",
        "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor", "clamp_min", "clamp_max"}) {
    if (call.is(name)) return true;
  }
  return false;
}

// One node: f(x), f(x, y), or f(x, number).
void one_node(Translation& call) {
  std::vector<int32_t> operands;
  if (call.has_tensor(0)) operands.push_back(call.node(0));
  if (takes_two(call) && call.has_tensor(1)) operands.push_back(call.node(1));
  call.write(call.elementwise(opcodes().at(call.call().name), call.shape(), std::move(operands)));
}

// add, sub, rsub (self, other, factor of other)
void sum(Translation& call) {
  const Opcode opcode = call.is("add") ? Opcode::add : Opcode::subtract;
  std::vector<int32_t> operands;
  if (call.has_tensor(0)) operands.push_back(call.node(0));
  if (call.has_tensor(1)) {
    int32_t other = call.node(1);
    if (call.number(2, 1) != 1)
      other = call.elementwise(Opcode::multiply, call.shape_of_node(other), {other});
    operands.push_back(other);
  }
  call.write(call.elementwise(opcode, call.shape(), std::move(operands)));
}

// Small whole powers are products, half powers are roots.
void power(Translation& call) {
  const Shape shape = call.shape();
  if (!call.has_tensor(0)) return call.write(call.elementwise(Opcode::power, shape, {call.node(1)}));
  const int32_t base = call.node(0);
  if (call.has_tensor(1)) return call.write(call.elementwise(Opcode::power, shape, {base, call.node(1)}));
  const double exponent = call.number(1, 0);
  if (exponent == 2 || exponent == 3) {
    int32_t product = call.elementwise(Opcode::multiply, shape, {base, base});
    if (exponent == 3) product = call.elementwise(Opcode::multiply, shape, {product, base});
    return call.write(product);
  }
  const Opcode opcode = exponent == 0.5 ? Opcode::sqrt : exponent == -0.5 ? Opcode::rsqrt : Opcode::power;
  call.write(call.elementwise(opcode, shape, {base}));
}

// addcmul, addcdiv (self, left, right, factor)
void added_product(Translation& call) {
  const Shape shape = call.shape();
  int32_t product = call.elementwise(call.is("addcmul") ? Opcode::multiply : Opcode::divide, shape,
                                     {call.node(1), call.node(2)});
  if (call.number(3, 1) != 1) product = call.elementwise(Opcode::multiply, shape, {product});
  call.write(call.elementwise(Opcode::add, shape, {call.node(0), product}));
}

// lerp(start, end, weight): start + weight (end - start)
void between(Translation& call) {
  const Shape shape = call.shape();
  const int32_t start = call.node(0);
  std::vector<int32_t> factors = {call.elementwise(Opcode::subtract, shape, {call.node(1), start})};
  if (call.has_tensor(2)) factors.push_back(call.node(2));
  const int32_t way = call.elementwise(Opcode::multiply, shape, std::move(factors));
  call.write(call.elementwise(Opcode::add, shape, {start, way}));
}

// where(condition, self, other)
void chosen(Translation& call) {
  std::vector<int32_t> operands = {call.node(0)};
  for (size_t i = 1; i <= 2; ++i) {
    if (call.has_tensor(i)) operands.push_back(call.node(i));
  }
  call.write(call.elementwise(Opcode::select, call.shape(), std::move(operands)));
}

// masked_fill(self, mask, value)
void filled_where(Translation& call) {
  call.write(call.elementwise(Opcode::select, call.shape(), {call.node(1), call.node(0)}));
}

}  // namespace

void add_elementwise_rules(RuleTable& rules) {
  for (const auto& [name, opcode] : opcodes()) rules[name] = one_node;
  for (const char* name : {"add", "sub", "rsub"}) rules[name] = sum;
  for (const char* name : {"addcmul", "addcdiv"}) rules[name] = added_product;
  rules["pow"] = power;
  rules["lerp"] = between;
  rules["where"] = chosen;
  rules["masked_fill"] = filled_where;
}

}  // namespace timetrial
