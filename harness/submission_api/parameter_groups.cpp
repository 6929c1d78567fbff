#include "timetrial/parameter_groups.h"

#include "timetrial/step_scalars.h"

namespace timetrial {

bool is_norm_or_bias(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::bias:
    case ParameterKind::batch_norm_scale:
    case ParameterKind::batch_norm_bias:
    case ParameterKind::layer_norm_scale:
    case ParameterKind::layer_norm_bias:
    case ParameterKind::attention_bias:
      return true;
    case ParameterKind::weight:
    case ParameterKind::conv_weight:
    case ParameterKind::embedding:
    case ParameterKind::attention_q:
    case ParameterKind::attention_k:
    case ParameterKind::attention_v:
    case ParameterKind::attention_out:
    case ParameterKind::attention_qkv:
    case ParameterKind::attention_kv:
      break;
  }
  return false;
}

std::vector<int> parameter_groups(const ParameterList& parameters, bool decay_norms_and_biases) {
  std::vector<int> groups;
  for (const Parameter& parameter : parameters) {
    const bool is_decayed = decay_norms_and_biases || !is_norm_or_bias(parameter.kind);
    groups.push_back(is_decayed ? kDecayed : kUndecayed);
  }
  return groups;
}

}  // namespace timetrial
