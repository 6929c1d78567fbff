#include "workloads/layers/transformer_mlp.h"

#include <ATen/ATen.h>

#include "workloads/layers/activation.h"
#include "workloads/layers/dropout.h"
#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

constexpr double kBiasDeviation = 1e-6;

}  // namespace

TransformerMlp::TransformerMlp(int64_t width, int64_t hidden, bool gated, const at::TensorOptions& options,
                               const at::Generator& generator) {
  const auto add = [&](const char* name, int64_t inputs, int64_t outputs) {
    const auto linear = register_module(name, std::make_shared<LinearLayer>(inputs, outputs, options));
    fill_xavier_uniform(linear->weight(), generator);
    fill_normal(linear->bias(), kBiasDeviation, generator);
    return linear;
  };
  first_ = add("linear1", width, hidden);
  if (gated) gate_ = add("glu_linear", hidden, hidden);
  second_ = add("linear2", hidden, width);
}

at::Tensor TransformerMlp::forward(const at::Tensor& tokens, double dropout_rate) const {
  at::Tensor hidden = activate(Activation::gelu_tanh, first_->forward(tokens));
  if (gate_) hidden = hidden * gate_->forward(hidden);
  return second_->forward(drop(hidden, dropout_rate));
}

}  // namespace timetrial
