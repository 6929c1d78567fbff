#include "golden_problem.h"

#include <cmath>
#include <stdexcept>

#include <ATen/core/grad_mode.h>

namespace timetrial {
namespace {

// The generator of the golden data: exact integer arithmetic.
uint32_t hashed(uint32_t seed, uint32_t i) {
  uint32_t x = i * 0x9E3779B1U + seed * 0x85EBCA77U + 0x165667B1U;
  x ^= x >> 16;
  x *= 0x7FEB352DU;
  x ^= x >> 15;
  x *= 0x846CA68BU;
  x ^= x >> 16;
  return x;
}

// U(seed, i) over a whole tensor, in double.
at::Tensor uniform(uint32_t seed, at::IntArrayRef sizes) {
  at::Tensor tensor = at::empty(sizes, at::kDouble);
  auto* values = tensor.mutable_data_ptr<double>();
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    values[i] = static_cast<double>(hashed(seed, static_cast<uint32_t>(i))) * 0x1p-31 - 1;
  }
  return tensor;
}

class Quadratic : public GoldenProblem {
 public:
  explicit Quadratic(at::ScalarType dtype) : dtype_(dtype) {
    const std::pair<const char*, std::vector<int64_t>> shapes[] = {
        {"a.weight", {6, 4}}, {"b", {5}}, {"k.weight", {3, 2, 2, 2}}};
    for (const auto& [name, sizes] : shapes) {
      const auto p = static_cast<uint32_t>(parameters.size());
      parameters.push_back(
          {name, uniform(p, sizes).to(dtype).requires_grad_(), ParameterKind::weight, false});
      targets_.push_back(uniform(50 + p, sizes).to(dtype));
      curvatures_.push_back((1 + 0.5 * uniform(60 + p, sizes)).to(dtype));
    }
  }

  at::Tensor backward(int64_t step) override {
    at::NoGradGuard no_grad;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      at::Tensor& parameter = parameters[p].tensor;
      const at::Tensor noise =
          0.1 *
          uniform(static_cast<uint32_t>(1000 + 10 * step) + static_cast<uint32_t>(p), parameter.sizes());
      parameter.mutable_grad() = curvatures_[p] * (parameter - targets_[p]) + noise.to(dtype_);
    }
    return at::full({}, loss(), at::kDouble);
  }

  double loss() override {
    at::NoGradGuard no_grad;
    double sum = 0;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      sum += (0.5 * curvatures_[p] * (parameters[p].tensor - targets_[p]).square()).sum().item<double>();
    }
    return sum;
  }

 private:
  at::ScalarType dtype_;
  std::vector<at::Tensor> targets_;
  std::vector<at::Tensor> curvatures_;
};

class Perceptron : public GoldenProblem {
 public:
  explicit Perceptron(at::ScalarType dtype)
      : inputs_(uniform(200, {32, 8}).to(dtype)), targets_(uniform(201, {32, 4}).to(dtype)) {
    auto add = [&](const char* name, double scale, at::IntArrayRef sizes) {
      const auto p = static_cast<uint32_t>(parameters.size());
      parameters.push_back(
          {name, (scale * uniform(p, sizes)).to(dtype).requires_grad_(), ParameterKind::weight, false});
    };
    add("w1.weight", std::sqrt(3.0 / 8), {16, 8});
    add("b1", 0.1, {16});
    add("w2.weight", std::sqrt(3.0 / 16), {4, 16});
    add("b2", 0.1, {4});
  }

  at::Tensor backward(int64_t /*step*/) override {
    for (const Parameter& parameter : parameters) parameter.tensor.mutable_grad().reset();
    const at::Tensor value = forward();
    value.backward();
    return value.detach();
  }

  double loss() override {
    at::NoGradGuard no_grad;
    return forward().item<double>();
  }

 private:
  at::Tensor forward() const {
    const at::Tensor hidden = at::tanh(at::matmul(inputs_, parameters[0].tensor.t()) + parameters[1].tensor);
    const at::Tensor output = at::matmul(hidden, parameters[2].tensor.t()) + parameters[3].tensor;
    return (output - targets_).square().mean();
  }

  at::Tensor inputs_;
  at::Tensor targets_;
};

}  // namespace

std::unique_ptr<GoldenProblem> make_golden_problem(const std::string& name, at::ScalarType dtype) {
  if (name == "quad") return std::make_unique<Quadratic>(dtype);
  if (name == "mlp") return std::make_unique<Perceptron>(dtype);
  throw std::logic_error("no golden problem is called " + name);
}

Model& GoldenStep::model() {
  throw std::logic_error("the golden problems have no model");
}

at::Tensor GoldenStep::backward(const ForwardOptions& /*forward*/, const LossOptions& /*loss*/) {
  at::Tensor loss = problem_.backward(index_ + 1);
  if (disturb_) disturb_(problem_.parameters);
  return loss;
}

}  // namespace timetrial
