#include "workloads/parameter_kinds.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(ParameterKinds, FollowTheReferencesRules) {
  const std::vector<std::pair<const char*, ParameterKind>> cases = {
      {"layer1.0.bn1.weight", ParameterKind::batch_norm_scale},
      {"conformers.0.conv.bn.scale", ParameterKind::batch_norm_scale},
      {"layer1.0.downsample.bn.bias", ParameterKind::batch_norm_bias},
      {"encoder.net.0.layer_norm0.weight", ParameterKind::layer_norm_scale},
      {"conformers.0.conv.ln.bias", ParameterKind::layer_norm_bias},
      {"conv1.weight", ParameterKind::conv_weight},
      {"conformers.0.conv.lin1.weight", ParameterKind::conv_weight},  // linear, but inside "conv"
      {"conv.bias", ParameterKind::bias},
      {"shared_embedding.weight", ParameterKind::embedding},
      {"embedding_chunk_0", ParameterKind::weight},  // no "weight" in the name
      {"encoder.layers.0.self_attn.in_proj.weight", ParameterKind::attention_qkv},
      {"layers.0.attn.w_qkv.weight", ParameterKind::attention_qkv},
      {"layers.0.attn.w_out.weight", ParameterKind::attention_out},
      {"layers.0.attn.attn_scale", ParameterKind::weight},
      {"decoder.layers.0.multihead_attn.kv_proj.weight", ParameterKind::attention_kv},
      {"decoder.layers.0.multihead_attn.q_proj.weight", ParameterKind::attention_q},
      {"self_attention1.key.weight", ParameterKind::attention_k},
      {"self_attention1.value.weight", ParameterKind::attention_v},
      {"self_attention1.out.weight", ParameterKind::attention_out},
      {"self_attention1.query.bias", ParameterKind::attention_bias},
      {"self_attention.qs.scale", ParameterKind::weight},
      {"top_mlp.9.bias", ParameterKind::bias},
      {"top_mlp.9.weight", ParameterKind::weight},
  };
  for (const auto& [name, kind] : cases)
    EXPECT_EQ(to_string(parameter_kind_of(name)), to_string(kind)) << name;
}

TEST(ParameterKinds, NamesWithoutARuleAreOurError) {
  EXPECT_THROW(parameter_kind_of("bn.running"), std::logic_error);
  EXPECT_THROW(parameter_kind_of("attn.other"), std::logic_error);
}

}  // namespace
}  // namespace timetrial
