#pragma once

// One training or evaluation batch: named tensors whose first dimension is the example.

#include <cstdint>
#include <map>
#include <string>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Which tensors a batch holds is the workload's choice ("inputs" and "targets" always; "weights", shape
// [batch], 1 for a real example and 0 for padding, in evaluation batches). A submission may change training
// inputs by rules that do not depend on the workload.
struct Batch {
  std::map<std::string, at::Tensor> tensors;
  int64_t examples = 0;  // real examples, padding not counted

  const at::Tensor& at(const std::string& name) const { return tensors.at(name); }
  bool has(const std::string& name) const { return tensors.count(name) != 0; }
};

}  // namespace timetrial
