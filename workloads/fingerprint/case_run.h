#pragma once

// One case of a fingerprint in one precision: evaluation, then training, on the workload's model as it
// stands.

#include <ATen/core/Tensor.h>
#include <nlohmann/json_fwd.hpp>

#include "workloads/workload.h"

namespace timetrial {

inline constexpr const char* kGradientsKey = "grads_name_l2_sum_absmax_first4";

// The model keeps what each pass does to it, so the order of calls matters. Workload and case outlive it.
class CaseRun {
 public:
  CaseRun(Workload& workload, const FingerprintCase& definition, at::ScalarType dtype);

  // {"eval": …, "train": …}: logits, losses; of training also loss, gradients and running statistics.
  nlohmann::ordered_json forward_and_backward();

  // On the same batch: the losses before each step and after the last, and the parameters' norm.
  nlohmann::ordered_json three_adamw_steps();

 private:
  at::Tensor forward(ForwardMode mode);
  nlohmann::ordered_json losses(const at::Tensor& logits);
  nlohmann::ordered_json evaluate();
  nlohmann::ordered_json train();
  void add_paddings(nlohmann::ordered_json& result);
  nlohmann::ordered_json buffer_summaries();
  void clear_gradients();

  Workload& workload_;
  const FingerprintCase& case_;
  at::ScalarType dtype_;
  Batch batch_;
};

}  // namespace timetrial
