#include "workloads/layers/linear.h"

#include <cmath>
#include <optional>

#include "workloads/layers/initial_values.h"

namespace timetrial {

LinearLayer::LinearLayer(int64_t inputs, int64_t outputs, const at::TensorOptions& options, Bias bias)
    : weight_(register_parameter("weight", at::empty({outputs, inputs}, options))),
      bias_(bias == Bias::yes ? register_parameter("bias", at::empty({outputs}, options)) : at::Tensor()) {}

at::Tensor LinearLayer::forward(const at::Tensor& input) const {
  return at::linear(input, weight_, bias_);
}

void LinearLayer::init_xavier(const at::Generator& generator) {
  fill_xavier_uniform(weight_, generator);
  if (bias_.defined()) fill_constant(bias_, 0);
}

void LinearLayer::init_as_torch(const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  const double bound = 1 / std::sqrt(static_cast<double>(inputs()));
  weight_.uniform_(-bound, bound, generator);
  if (bias_.defined()) bias_.uniform_(-bound, bound, generator);
}

}  // namespace timetrial
