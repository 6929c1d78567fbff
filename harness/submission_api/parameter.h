#pragma once

// What a submission may know of a model's parameters: a name, a shape, and the role the tensor plays.

#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// The role of a parameter, as in AlgoPerf's ParameterType. Roles let a submission treat, say, norm scales
// apart from weights without knowing which workload it is training.
enum class ParameterKind {
  weight,
  bias,
  conv_weight,
  batch_norm_scale,
  batch_norm_bias,
  layer_norm_scale,
  layer_norm_bias,
  embedding,
  attention_q,
  attention_k,
  attention_v,
  attention_out,
  attention_qkv,
  attention_kv,
  attention_bias,
};

std::string_view to_string(ParameterKind kind);

// One trainable tensor. `tensor` is the model's own leaf tensor: the submission updates it in place (its
// storage must never be replaced) and reads `tensor.grad()` after a backward pass. Float32 unless the
// workload says otherwise.
struct Parameter {
  std::string name;
  at::Tensor tensor;
  ParameterKind kind = ParameterKind::weight;
  bool is_output = false;  // belongs to the layer that makes the logits
};

using ParameterList = std::vector<Parameter>;

}  // namespace timetrial
