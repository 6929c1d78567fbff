#include "workloads/parameter_kinds.h"

#include <stdexcept>
#include <string_view>

namespace timetrial {
namespace {

bool has(const std::string& name, std::string_view part) {
  return name.find(part) != std::string::npos;
}

[[noreturn]] void no_rule(const std::string& name) {
  throw std::logic_error("no parameter kind follows from the name " + name);
}

ParameterKind norm_kind(const std::string& name, ParameterKind scale, ParameterKind bias) {
  if (has(name, "weight") || has(name, "scale")) return scale;
  if (has(name, "bias")) return bias;
  no_rule(name);
}

ParameterKind attention_kind(const std::string& name) {
  if (has(name, "bias")) return ParameterKind::attention_bias;
  if (has(name, "in_proj") || has(name, "qkv")) return ParameterKind::attention_qkv;
  if (has(name, "kv_proj")) return ParameterKind::attention_kv;
  if (has(name, "k_proj") || has(name, "key")) return ParameterKind::attention_k;
  if (has(name, "q_proj") || has(name, "query")) return ParameterKind::attention_q;
  if (has(name, "v_proj") || has(name, "value")) return ParameterKind::attention_v;
  if (has(name, "out") && has(name, "weight")) return ParameterKind::attention_out;
  if (has(name, "scale")) return ParameterKind::weight;
  no_rule(name);
}

}  // namespace

ParameterKind parameter_kind_of(const std::string& name) {
  if (has(name, "bn"))
    return norm_kind(name, ParameterKind::batch_norm_scale, ParameterKind::batch_norm_bias);
  if (has(name, "norm") || has(name, "ln")) {
    return norm_kind(name, ParameterKind::layer_norm_scale, ParameterKind::layer_norm_bias);
  }
  if (has(name, "conv")) return has(name, "bias") ? ParameterKind::bias : ParameterKind::conv_weight;
  if ((has(name, "embedding") || has(name, "embed")) && has(name, "weight")) return ParameterKind::embedding;
  if (has(name, "attn") || has(name, "attention")) return attention_kind(name);
  if (has(name, "bias")) return ParameterKind::bias;
  return ParameterKind::weight;
}

ParameterList list_parameters(const torch::nn::Module& model, const std::string& output_layer) {
  ParameterList list;
  for (const auto& item : model.named_parameters()) {
    list.push_back({item.key(), item.value(), parameter_kind_of(item.key()),
                    item.key().starts_with(output_layer + ".")});
  }
  return list;
}

}  // namespace timetrial
