#include "workloads/wmt/transformer_config.h"

#include "harness/errors/user_error.h"
#include "workloads/wmt/text_files.h"

namespace timetrial {

TransformerConfig transformer_config(bool mini, const std::string& variant) {
  TransformerConfig config;
  config.vocabulary = text_limits(mini).pieces;
  config.longest = text_limits(mini).longest;
  if (mini) {
    config.width = 128;
    config.heads = 4;
    config.hidden = 512;
    config.depth = 2;
    config.default_dropout = 0;
  }
  if (variant == "post_ln") {
    config.post_norm = true;
  } else if (variant == "attention_temp") {
    config.attention_temperature = 4;
  } else if (variant == "glu_tanh") {
    config.tanh_glu = true;
  } else if (!variant.empty()) {
    throw UserError({"there is no such variant of wmt", "", variant,
                     "use one of: attention_temp, glu_tanh, post_ln; or none"});
  }
  return config;
}

}  // namespace timetrial
