#include "workloads/imagenet_vit/vit_config.h"

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr VitConfig kMini = {
    .patch = 4, .width = 64, .depth = 4, .heads = 4, .hidden = 256, .classes = 10};  // of 32 x 32 pixels

}  // namespace

VitConfig vit_config(bool mini, const std::string& variant) {
  VitConfig config = mini ? kMini : VitConfig{};
  if (variant == "glu") {
    config.gated = true;
  } else if (variant == "post_ln") {
    config.post_norm = true;
  } else if (variant == "map") {
    config.attention_pool = true;
  } else if (!variant.empty()) {
    throw UserError({"imagenet_vit has no such variant", "", variant,
                     "use glu, post_ln or map, or leave the variant out"});
  }
  return config;
}

}  // namespace timetrial
