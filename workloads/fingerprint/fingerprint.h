#pragma once

// What a workload computes, in numbers: its model with generated parameters on generated inputs, evaluated
// and trained for one forward pass and three AdamW steps, without dropout and augmentation. Two programs that
// agree on a fingerprint compute the same function. No data set is needed.

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "workloads/workload.h"

namespace timetrial {

struct FingerprintRequest {
  std::string workload;
  WorkloadOptions options;  // tier, variant, device
  std::string case_name;    // empty: every case of the workload
  std::vector<at::ScalarType> dtypes = {at::kFloat, at::kDouble};
  std::filesystem::path weights;  // empty: generated parameters
};

// The keys, in order: workload, variant, tier, torch, param_count, param_tensors, parameters [[index, name,
// shape, numel, kind, fill, first three]], buffers [[name, shape]], train_loss_definition, cases. A case:
// inputs, then for each dtype `eval` and `train` (logits, losses, output_paddings where there are any; train
// also loss, grads_name_l2_sum_absmax_first4, grad_l2_total and, where the model has buffers,
// bn_buffers_after_one_train_forward_name_sum_l2) and adamw3; f32_vs_f64 when both dtypes are there; hash
// with float64. Sums and norms are accumulated in double. Without dtypes it describes model and inputs and
// runs nothing. Throws UserError for an unknown workload, variant
// or case, and for weights that do not fit.
nlohmann::ordered_json fingerprint(const FingerprintRequest& request);

// 12 hexadecimal digits over the float64 numbers of the workload's first case, rounded so that machines,
// devices and thread counts agree: parameter names and shapes, norms of logits and gradients, losses. Leaves
// the random generators as they are.
std::string fingerprint_hash(const std::string& workload, const WorkloadOptions& options);

}  // namespace timetrial
