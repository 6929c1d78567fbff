#include "harness/worker/evaluated_model.h"

#include <ATen/ATen.h>

#include "harness/digest/sha256.h"

namespace timetrial {

std::vector<at::Tensor> tensors_of_model(Workload& workload) {
  std::vector<at::Tensor> tensors;
  for (const Parameter& parameter : workload.parameters()) tensors.push_back(parameter.tensor);
  for (const auto& buffer : workload.model().named_buffers()) tensors.push_back(buffer.value());
  return tensors;
}

std::map<std::string, double> evaluate_all_splits(Workload& workload) {
  std::map<std::string, double> metrics;
  for (const Split split : {Split::train_evaluation, Split::validation, Split::test}) {
    for (const auto& [name, value] : workload.evaluate(split))
      metrics[std::string(to_string(split)) + "/" + name] = value;
  }
  return metrics;
}

std::string first_non_finite_parameter(const ParameterList& parameters) {
  const at::NoGradGuard no_grad;
  for (const Parameter& parameter : parameters) {
    // A sum is non-finite if any term is; a finite overflow of the sum is excluded by looking again.
    if (at::isfinite(parameter.tensor.sum()).item<bool>()) continue;
    if (!at::isfinite(parameter.tensor).all().item<bool>()) return parameter.name;
  }
  return "";
}

std::string hash_of_parameters(const ParameterList& parameters) {
  Sha256 hash;
  for (const Parameter& parameter : parameters) {
    const at::Tensor values = parameter.tensor.detach().to(at::kCPU).contiguous();
    hash.update(values.const_data_ptr(), values.nbytes());
  }
  return hash.finish();
}

}  // namespace timetrial
