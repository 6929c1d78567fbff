#include "workloads/layers/sum_over_ranks.h"

#include <torch/csrc/autograd/custom_function.h>

#include "timetrial/ranks.h"

namespace timetrial {
namespace {

at::Tensor summed(const at::Tensor& values) {
  const at::Tensor sum = values.detach().clone(at::MemoryFormat::Contiguous);
  ranks().sum({sum});
  return sum;
}

class SumOverRanks : public torch::autograd::Function<SumOverRanks> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* /*context*/, const at::Tensor& values) {
    return summed(values);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* /*context*/,
                                                 torch::autograd::variable_list gradients) {
    return {summed(gradients.at(0))};
  }
};

}  // namespace

at::Tensor sum_over_ranks(const at::Tensor& values) {
  return ranks().count() == 1 ? values : SumOverRanks::apply(values);
}

}  // namespace timetrial
