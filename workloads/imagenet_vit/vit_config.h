#pragma once

#include <cstdint>
#include <string>

namespace timetrial {

// Sizes and variant of the vision transformer; the defaults are ViT-S/16.
struct VitConfig {
  int64_t patch = 16;  // side of the square that becomes one token
  int64_t width = 384;
  int64_t depth = 12;
  int64_t heads = 6;
  int64_t hidden = 1536;  // of the MLP
  int64_t classes = 1000;
  bool gated = false;           // variant "glu"
  bool post_norm = false;       // variant "post_ln"
  bool attention_pool = false;  // variant "map": a learned probe instead of the mean over tokens
};

// The configuration of a tier and variant ("" for the base). Throws UserError for an unknown variant.
VitConfig vit_config(bool mini, const std::string& variant);

}  // namespace timetrial
