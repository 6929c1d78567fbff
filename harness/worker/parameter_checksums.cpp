#include "harness/worker/parameter_checksums.h"

#include <vector>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

// The values in the order of memory, as integers of their size.
at::Tensor bits_of(const at::Tensor& values) {
  const at::Tensor flat = values.detach().contiguous(values.suggest_memory_format());
  const at::Tensor line = flat.as_strided({flat.numel()}, {1});
  switch (line.element_size()) {
    case 1:
      return line.view(at::kChar);
    case 2:
      return line.view(at::kShort);
    case 4:
      return line.view(at::kInt);
    default:
      return line.view(at::kLong);
  }
}

// Sums of integers wrap around alike in any order.
at::Tensor checksum_of(const at::Tensor& values) {
  const at::Tensor bits = bits_of(values).to(at::kLong);
  const at::Tensor weights = at::arange(1, bits.numel() + 1, bits.options());
  return bits.mul(weights).sum();
}

}  // namespace

at::Tensor parameter_checksums(const ParameterList& parameters) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> sums;
  for (const Parameter& parameter : parameters) sums.push_back(checksum_of(parameter.tensor));
  return at::stack(sums).cpu();
}

}  // namespace timetrial
