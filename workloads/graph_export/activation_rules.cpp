#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

// Builds a formula out of nodes of one shape.
class Formula {
 public:
  Formula(Translation& call, Shape shape) : call_(call), shape_(std::move(shape)) {}

  int32_t of(Opcode opcode, std::vector<int32_t> operands) {
    return call_.elementwise(opcode, shape_, std::move(operands));
  }
  int32_t times(int32_t left, int32_t right) { return of(Opcode::multiply, {left, right}); }
  int32_t scaled(int32_t value) { return of(Opcode::multiply, {value}); }
  int32_t plus(int32_t left, int32_t right) { return of(Opcode::add, {left, right}); }
  int32_t plus_number(int32_t value) { return of(Opcode::add, {value}); }
  int32_t one_minus(int32_t value) { return of(Opcode::subtract, {value}); }
  int32_t minus(int32_t left, int32_t right) { return of(Opcode::subtract, {left, right}); }
  int32_t logistic(int32_t value) { return of(Opcode::logistic, {value}); }

 private:
  Translation& call_;
  Shape shape_;
};

// threshold_backward(gradient, self, threshold)
void threshold_gradient(Translation& call) {
  const Shape shape = call.shape();
  const int32_t above =
      call.elementwise(Opcode::compare, row_major(ElementType::pred, shape.dimensions), {call.node(1)});
  call.write(call.elementwise(Opcode::select, shape, {above, call.node(0)}));
}

// leaky_relu(self), leaky_relu_backward(gradient, self)
void leaky(Translation& call) {
  const Shape shape = call.shape();
  const int32_t value = call.node(0);
  const int32_t tested = call.is("leaky_relu") ? value : call.node(1);
  const int32_t above =
      call.elementwise(Opcode::compare, row_major(ElementType::pred, shape.dimensions), {tested});
  const int32_t small = call.elementwise(Opcode::multiply, shape, {value});
  call.write(call.elementwise(Opcode::select, shape, {above, value, small}));
}

// tanh_backward(gradient, output): g (1 - y^2)
void tanh_gradient(Translation& call) {
  Formula f(call, call.shape());
  const int32_t y = call.node(1);
  call.write(f.times(call.node(0), f.one_minus(f.times(y, y))));
}

// sigmoid_backward(gradient, output): g y (1 - y)
void logistic_gradient(Translation& call) {
  Formula f(call, call.shape());
  const int32_t y = call.node(1);
  call.write(f.times(call.node(0), f.times(y, f.one_minus(y))));
}

void silu(Translation& call) {
  Formula f(call, call.shape());
  const int32_t x = call.node(0);
  call.write(f.times(x, f.logistic(x)));
}

// g s (1 + x (1 - s)) with s = logistic(x)
void silu_gradient(Translation& call) {
  Formula f(call, call.shape());
  const int32_t x = call.node(1);
  const int32_t s = f.logistic(x);
  const int32_t slope = f.times(s, f.plus_number(f.times(x, f.one_minus(s))));
  call.write(f.times(call.node(0), slope));
}

// XLA computes the error function, which has no number of its own, by a quotient of polynomials of the
// clamped argument.
int32_t error_function(Formula& f, int32_t x) {
  const int32_t clamped = f.of(Opcode::clamp, {x});
  const int32_t square = f.times(clamped, clamped);
  return f.of(Opcode::divide, {f.times(clamped, square), square});
}

// The inner function of gelu: tanh of c (x + 0.044715 x^3), or erf of x / sqrt 2.
int32_t gelu_inner(Formula& f, int32_t x, bool by_tanh) {
  if (!by_tanh) return error_function(f, f.scaled(x));
  const int32_t cube = f.times(f.times(x, x), x);
  return f.of(Opcode::tanh, {f.scaled(f.plus(x, f.scaled(cube)))});
}

// gelu(self, approximate): x / 2 (1 + inner)
void gelu(Translation& call) {
  Formula f(call, call.shape());
  const int32_t x = call.node(0);
  const int32_t inner = gelu_inner(f, x, call.call().inputs.at(1).toStringRef() == "tanh");
  call.write(f.times(f.scaled(x), f.plus_number(inner)));
}

// gelu_backward(gradient, self, approximate)
void gelu_gradient(Translation& call) {
  Formula f(call, call.shape());
  const int32_t x = call.node(1);
  const bool by_tanh = call.call().inputs.at(2).toStringRef() == "tanh";
  const int32_t inner = gelu_inner(f, x, by_tanh);
  // (1 + inner) / 2 + x / 2 * inner'
  const int32_t left = f.scaled(f.plus_number(inner));
  const int32_t square = f.times(x, x);
  const int32_t slope = by_tanh ? f.times(f.one_minus(f.times(inner, inner)), f.plus_number(f.scaled(square)))
                                : f.of(Opcode::exponential, {f.scaled(square)});
  call.write(f.times(call.node(0), f.plus(left, f.times(f.scaled(x), slope))));
}

// log(1 + e^x), written by `write_inner` where the exponential is kept.
int32_t softplus_of(Formula& f, int32_t x) {
  return f.of(Opcode::log_plus_one, {f.of(Opcode::exponential, {x})});
}

void softplus(Translation& call) {
  Formula f(call, call.shape());
  call.write(softplus_of(f, call.node(0)));
}

// softplus_backward(gradient, self), log_sigmoid_backward(gradient, self): g times a logistic
void softplus_gradient(Translation& call) {
  Formula f(call, call.shape());
  int32_t x = call.node(1);
  if (call.is("log_sigmoid_backward")) x = f.of(Opcode::negate, {x});
  call.write(f.times(call.node(0), f.logistic(x)));
}

// log_sigmoid_forward(self): -log(1 + e^-x), and a buffer of the exponentials
void log_logistic(Translation& call) {
  Formula f(call, call.shape());
  const int32_t exponential = f.of(Opcode::exponential, {f.of(Opcode::negate, {call.node(0)})});
  call.write(f.of(Opcode::negate, {f.of(Opcode::log_plus_one, {exponential})}));
  if (call.has_output(1)) call.write(1, exponential);
}

struct Halves {
  int32_t value;
  int32_t gate;
};

// The halves of self along a dimension, of the size of `half`.
Halves halves(Translation& call, int32_t self, int64_t dimension, const Shape& half) {
  const auto place =
      static_cast<size_t>(at::maybe_wrap_dim(dimension, static_cast<int64_t>(half.dimensions.size())));
  const auto side = [&](bool second) {
    GraphNode node{.opcode = Opcode::slice, .operands = {self}, .output = half};
    for (const int64_t size : half.dimensions) node.slice.push_back({.start = 0, .stride = 1, .limit = size});
    if (second)
      node.slice[place] = {.start = half.dimensions[place], .stride = 1, .limit = 2 * half.dimensions[place]};
    return call.add(std::move(node), OutputKind::view);
  };
  const int32_t value = side(false);
  return {value, side(true)};
}

// glu(self, dim): the first half times the logistic of the second
void glu(Translation& call) {
  const Shape shape = row_major(call.shape().type, call.shape().dimensions);
  Formula f(call, shape);
  const Halves parts = halves(call, call.node(0), call.integer(1), shape);
  call.write(f.times(parts.value, f.logistic(parts.gate)));
}

// glu_backward(gradient, self, dim)
void glu_gradient(Translation& call) {
  const int32_t gradient = call.node(0);
  const Shape half = row_major(call.shape().type, call.shape_of_node(gradient).dimensions);
  Formula f(call, half);
  const Halves parts = halves(call, call.node(1), call.integer(2), half);
  const int32_t gate = f.logistic(parts.gate);
  const int32_t of_value = f.times(gradient, gate);
  const int32_t of_gate = f.times(of_value, f.times(parts.value, f.one_minus(gate)));
  GraphNode node{.opcode = Opcode::concatenate, .operands = {of_value, of_gate}, .output = call.shape()};
  node.dimensions = {at::maybe_wrap_dim(call.integer(2), static_cast<int64_t>(half.dimensions.size()))};
  call.write(call.add(std::move(node)));
}

// native_dropout(self, rate, training): result and mask
void dropout(Translation& call) {
  const Shape shape = call.shape();
  const Shape truth = row_major(ElementType::pred, shape.dimensions);
  const int32_t bits = call.add(Opcode::rng_bit_generator, shape, {});
  const int32_t kept = call.add(Opcode::compare, truth, {bits});
  const int32_t scaled = call.elementwise(Opcode::multiply, shape, {call.node(0)});
  call.write(call.elementwise(Opcode::select, shape, {kept, scaled}));
  if (call.has_output(1)) call.write(1, kept);
}

// native_dropout_backward(gradient, mask, scale)
void dropout_gradient(Translation& call) {
  const Shape shape = call.shape();
  const int32_t scaled = call.elementwise(Opcode::multiply, shape, {call.node(0)});
  call.write(call.elementwise(Opcode::select, shape, {call.node(1), scaled}));
}

}  // namespace

void add_activation_rules(RuleTable& rules) {
  rules["threshold_backward"] = threshold_gradient;
  rules["leaky_relu"] = leaky;
  rules["leaky_relu_backward"] = leaky;
  rules["tanh_backward"] = tanh_gradient;
  rules["sigmoid_backward"] = logistic_gradient;
  rules["silu"] = silu;
  rules["silu_backward"] = silu_gradient;
  rules["gelu"] = gelu;
  rules["gelu_backward"] = gelu_gradient;
  rules["softplus"] = softplus;
  rules["softplus_backward"] = softplus_gradient;
  rules["log_sigmoid_forward"] = log_logistic;
  rules["log_sigmoid_backward"] = softplus_gradient;
  rules["glu"] = glu;
  rules["glu_backward"] = glu_gradient;
  rules["native_dropout"] = dropout;
  rules["native_dropout_backward"] = dropout_gradient;
}

}  // namespace timetrial
