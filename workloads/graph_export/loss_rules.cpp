#include <numeric>

#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

constexpr int64_t kNoReduction = 0;
constexpr int64_t kMean = 1;

// What a loss makes of its values: nothing, their mean or their sum.
int32_t summed_up(Translation& call, int32_t values, int64_t reduction) {
  if (reduction == kNoReduction) return values;
  std::vector<int64_t> all(call.shape_of_node(values).dimensions.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  const int32_t sum = call.reduce(values, std::move(all));
  return reduction == kMean ? call.elementwise(Opcode::divide, call.shape_of_node(sum), {sum}) : sum;
}

// nll_loss_forward(self, target, weight, reduction, ignored): loss and total weight
void likelihood(Translation& call) {
  const int32_t targets = call.node(1);
  const Shape shape = row_major(call.shape().type, call.shape_of_node(targets).dimensions);
  const int32_t at_target = call.add(Opcode::gather, shape, {call.node(0), targets});
  const int32_t losses = call.elementwise(Opcode::negate, shape, {at_target});
  call.write(summed_up(call, losses, call.integer(3)));
  if (call.has_output(1)) call.write(1, call.add(Opcode::constant, call.shape(1), {}));
}

// nll_loss_backward(gradient, self, target …)
void likelihood_gradient(Translation& call) {
  const int32_t gradient = call.node(0);
  const int32_t negative = call.elementwise(Opcode::negate, call.shape_of_node(gradient), {gradient});
  call.write(call.add(Opcode::scatter, call.shape(), {call.node(2), negative}));
}

// binary_cross_entropy_with_logits(x, t, weight, positive weight, reduction): (1 - t) x + log(1 + e^-x)
void binary_cross_entropy(Translation& call) {
  const int32_t x = call.node(0);
  const int32_t target = call.node(1);
  const Shape shape = call.shape_of_node(x);
  const auto of = [&](Opcode opcode, std::vector<int32_t> operands) {
    return call.elementwise(opcode, shape, std::move(operands));
  };
  const int32_t left = of(Opcode::multiply, {of(Opcode::subtract, {target}), x});
  const int32_t right = of(Opcode::log_plus_one, {of(Opcode::exponential, {of(Opcode::negate, {x})})});
  int32_t losses = of(Opcode::add, {left, right});
  if (call.has_tensor(2)) losses = of(Opcode::multiply, {losses, call.node(2)});
  call.write(summed_up(call, losses, call.integer(4)));
}

// mse_loss(self, target, reduction)
void squared_error(Translation& call) {
  const int32_t self = call.node(0);
  const Shape shape = call.shape_of_node(self);
  const int32_t difference = call.elementwise(Opcode::subtract, shape, {self, call.node(1)});
  call.write(
      summed_up(call, call.elementwise(Opcode::multiply, shape, {difference, difference}), call.integer(2)));
}

// mse_loss_backward(gradient, self, target, reduction)
void squared_error_gradient(Translation& call) {
  const Shape shape = call.shape();
  const int32_t difference = call.elementwise(Opcode::subtract, shape, {call.node(1), call.node(2)});
  const int32_t doubled = call.elementwise(Opcode::multiply, shape, {difference});
  call.write(call.elementwise(Opcode::multiply, shape, {doubled, call.node(0)}));
}

// _ctc_loss and its gradient: in XLA a loop over the frames; here one call of a library.
void connectionist(Translation& call) {
  GraphNode node{.opcode = Opcode::custom_call, .operands = {}, .output = call.shape()};
  for (size_t i = 0; i < call.call().inputs.size(); ++i) {
    if (call.has_tensor(i)) node.operands.push_back(call.node(i));
  }
  const int32_t result = call.add(std::move(node));
  for (size_t i = 0; i < call.outputs(); ++i) {
    if (call.has_output(i)) call.write(i, result);
  }
}

}  // namespace

void add_loss_rules(RuleTable& rules) {
  rules["nll_loss_forward"] = likelihood;
  rules["nll_loss_backward"] = likelihood_gradient;
  rules["binary_cross_entropy_with_logits"] = binary_cross_entropy;
  rules["mse_loss"] = squared_error;
  rules["mse_loss_backward"] = squared_error_gradient;
  rules["_ctc_loss"] = connectionist;
  rules["_ctc_loss_backward"] = connectionist;
}

}  // namespace timetrial
