#include "timetrial/parameter.h"

#include <stdexcept>

namespace timetrial {

std::string_view to_string(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::weight:
      return "weight";
    case ParameterKind::bias:
      return "bias";
    case ParameterKind::conv_weight:
      return "conv_weight";
    case ParameterKind::batch_norm_scale:
      return "batch_norm_scale";
    case ParameterKind::batch_norm_bias:
      return "batch_norm_bias";
    case ParameterKind::layer_norm_scale:
      return "layer_norm_scale";
    case ParameterKind::layer_norm_bias:
      return "layer_norm_bias";
    case ParameterKind::embedding:
      return "embedding";
    case ParameterKind::attention_q:
      return "attention_q";
    case ParameterKind::attention_k:
      return "attention_k";
    case ParameterKind::attention_v:
      return "attention_v";
    case ParameterKind::attention_out:
      return "attention_out";
    case ParameterKind::attention_qkv:
      return "attention_qkv";
    case ParameterKind::attention_kv:
      return "attention_kv";
    case ParameterKind::attention_bias:
      return "attention_bias";
  }
  throw std::logic_error("ParameterKind holds the unnamed value " + std::to_string(static_cast<int>(kind)));
}

}  // namespace timetrial
