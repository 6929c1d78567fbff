#include "harness/worker/trace_problem.h"

#include <cmath>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "harness/errors/user_error.h"
#include "workloads/fingerprint/generator.h"

namespace timetrial {
namespace {

// U(seed, i) over a whole tensor, in double.
at::Tensor uniform(uint32_t seed, at::IntArrayRef sizes) {
  at::Tensor tensor = at::empty(sizes, at::kDouble);
  auto* values = tensor.mutable_data_ptr<double>();
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    values[i] = generated_uniform(seed, static_cast<uint64_t>(i));
  }
  return tensor;
}

at::Tensor joined(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> flat;
  for (const at::Tensor& tensor : tensors) flat.push_back(tensor.flatten());
  return at::cat(flat);
}

Parameter make_parameter(const std::string& name, const at::Tensor& values, at::ScalarType dtype) {
  return {name, values.to(dtype).requires_grad_(), ParameterKind::weight, false};
}

// The prediction is the parameters themselves, joined: [53].
class Quadratic : public TraceProblem {
 public:
  explicit Quadratic(at::ScalarType dtype) : dtype_(dtype) {
    const std::pair<const char*, std::vector<int64_t>> shapes[] = {
        {"a.weight", {6, 4}}, {"b", {5}}, {"k.weight", {3, 2, 2, 2}}};
    std::vector<at::Tensor> targets, curvatures;
    for (const auto& [name, sizes] : shapes) {
      const auto p = static_cast<uint32_t>(parameters.size());
      parameters.push_back(make_parameter(name, uniform(p, sizes), dtype));
      targets.push_back(uniform(50 + p, sizes));
      curvatures.push_back(1 + 0.5 * uniform(60 + p, sizes));
    }
    targets_ = joined(targets).to(dtype);
    curvatures_ = joined(curvatures).to(dtype);
  }

  Batch batch(int64_t step) const override {
    std::vector<at::Tensor> noise;
    for (const Parameter& parameter : parameters) {
      const auto seed = static_cast<uint32_t>(1000 + 10 * (step + 1)) + static_cast<uint32_t>(noise.size());
      noise.push_back(0.1 * uniform(seed, parameter.tensor.sizes()));
    }
    return {{{"inputs", joined(noise).to(dtype_)}, {"targets", targets_}}, 1};
  }

  at::Tensor forward(const Batch& /*batch*/, const ForwardOptions& /*options*/) override {
    std::vector<at::Tensor> tensors;
    for (const Parameter& parameter : parameters) tensors.push_back(parameter.tensor);
    return joined(tensors);
  }

  // The noise adds to the gradient and nothing to the value.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& /*options*/) override {
    const at::Tensor per_example = 0.5 * curvatures_ * (logits - batch.at("targets")).square();
    const at::Tensor noise = batch.at("inputs") * (logits - logits.detach());
    return {per_example.sum() + noise.sum(), at::ones({}, logits.options()), per_example.detach()};
  }

 private:
  at::ScalarType dtype_;
  at::Tensor targets_;     // [53]
  at::Tensor curvatures_;  // [53]
};

class Perceptron : public TraceProblem {
 public:
  explicit Perceptron(at::ScalarType dtype)
      : batch_({{{"inputs", uniform(200, {32, 8}).to(dtype)}, {"targets", uniform(201, {32, 4}).to(dtype)}},
                32}) {
    auto add = [&](const char* name, double scale, at::IntArrayRef sizes) {
      const auto p = static_cast<uint32_t>(parameters.size());
      parameters.push_back(make_parameter(name, scale * uniform(p, sizes), dtype));
    };
    add("w1.weight", std::sqrt(3.0 / 8), {16, 8});
    add("b1", 0.1, {16});
    add("w2.weight", std::sqrt(3.0 / 16), {4, 16});
    add("b2", 0.1, {4});
  }

  Batch batch(int64_t /*step*/) const override { return batch_; }

  at::Tensor forward(const Batch& batch, const ForwardOptions& /*options*/) override {
    const at::Tensor hidden =
        at::tanh(at::matmul(batch.at("inputs"), parameters[0].tensor.t()) + parameters[1].tensor);
    return at::matmul(hidden, parameters[2].tensor.t()) + parameters[3].tensor;
  }

  // Every output counts as an example, so that the mean loss is the mean over all of them.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& /*options*/) override {
    const at::Tensor per_example = (logits - batch.at("targets")).square();
    const auto count = static_cast<double>(per_example.numel());
    return {per_example.sum(), at::full({}, count, logits.options()), per_example.detach()};
  }

 private:
  Batch batch_;
};

}  // namespace

double TraceProblem::current_loss() {
  at::NoGradGuard no_grad;
  const Batch examples = batch(0);
  return loss(examples, forward(examples, {}), {}).mean().item<double>();
}

std::unique_ptr<TraceProblem> make_trace_problem(const std::string& name, at::ScalarType dtype) {
  if (name == "quad") return std::make_unique<Quadratic>(dtype);
  if (name == "mlp") return std::make_unique<Perceptron>(dtype);
  throw UserError({"there is no such problem to trace an optimizer on", "", name, "use quad or mlp"});
}

at::Tensor TraceStep::backward(const ForwardOptions& forward, const LossOptions& loss) {
  for (const Parameter& parameter : problem_.parameters) parameter.tensor.mutable_grad().reset();
  const at::Tensor logits = problem_.forward(batch_, forward);
  const at::Tensor mean = problem_.loss(batch_, logits, loss).mean();
  mean.backward();
  if (disturb_) disturb_(problem_.parameters);
  return mean.detach();
}

}  // namespace timetrial
