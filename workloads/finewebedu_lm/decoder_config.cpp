#include "workloads/finewebedu_lm/decoder_config.h"

#include "harness/errors/user_error.h"
#include "workloads/finewebedu_lm/token_splits.h"

namespace timetrial {
namespace {

constexpr int64_t kHiddenMultiple = 256;
constexpr DecoderConfig kMini = {
    .vocabulary = kMiniPieces, .context = kMiniRunLength - 1, .width = 128, .layers = 3, .heads = 2};

}  // namespace

int64_t DecoderConfig::hidden() const {
  return (4 * width + kHiddenMultiple - 1) / kHiddenMultiple * kHiddenMultiple;
}

DecoderConfig decoder_config(bool mini, const std::string& variant) {
  if (!variant.empty()) {
    throw UserError({"finewebedu_lm has no variants", "", variant, "leave the variant out"});
  }
  return mini ? kMini : DecoderConfig{};
}

}  // namespace timetrial
