#include "workloads/librispeech_conformer/conformer_config.h"

#include "harness/errors/user_error.h"
#include "workloads/librispeech/speech_tokenizer.h"

namespace timetrial {
namespace {

constexpr int64_t kMiniChannels = 8;
constexpr int64_t kMiniWidth = 64;
constexpr int64_t kMiniHeads = 4;
constexpr int64_t kMiniBlocks = 2;
constexpr SpectrumMasks kMiniMasks = {.time = 4,
                                      .frequency = 1};  // so small a model is slow to learn as it is

}  // namespace

ConformerConfig conformer_config(bool mini, const std::string& variant) {
  ConformerConfig config;
  config.pieces = mini ? kMiniSpeechPieces : kSpeechPieces;
  if (mini) {
    config.channels = kMiniChannels;
    config.width = kMiniWidth;
    config.heads = kMiniHeads;
    config.blocks = kMiniBlocks;
    config.masks = kMiniMasks;
    config.kept_statistics = kMiniKeptStatistics;
  }
  if (variant == "attention_temperature") {
    config.attention_temperature = 1.6;
  } else if (variant == "gelu") {
    config.gelu = true;
  } else if (variant == "layernorm") {
    config.post_norm = false;
  } else if (!variant.empty()) {
    throw UserError({"librispeech_conformer has no such variant", "", variant,
                     "use attention_temperature, gelu or layernorm, or leave the variant out"});
  }
  return config;
}

}  // namespace timetrial
