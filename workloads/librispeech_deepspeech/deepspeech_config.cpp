#include "workloads/librispeech_deepspeech/deepspeech_config.h"

#include "harness/errors/user_error.h"
#include "workloads/librispeech/speech_tokenizer.h"

namespace timetrial {
namespace {

constexpr int64_t kMiniChannels = 8;
constexpr int64_t kMiniWidth = 128;
constexpr int64_t kMiniRecurrentLayers = 1;
constexpr int64_t kMiniDenseLayers = 1;

constexpr SpectrumMasks kMoreMasks = {.time = 15, .frequency = 4};

}  // namespace

DeepSpeechConfig deepspeech_config(bool mini, const std::string& variant) {
  DeepSpeechConfig config;
  config.pieces = mini ? kMiniSpeechPieces : kSpeechPieces;
  if (mini) {
    config.channels = kMiniChannels;
    config.width = kMiniWidth;
    config.recurrent_layers = kMiniRecurrentLayers;
    config.dense_layers = kMiniDenseLayers;
    config.kept_statistics = kMiniKeptStatistics;
  }
  if (variant == "tanh") {
    config.tanh = true;
  } else if (variant == "no_resnet") {
    config.residuals = false;
  } else if (variant == "norm_and_spec_aug" || variant == "norm_and_specaug") {
    config.layer_norm = true;
    config.masks = kMoreMasks;
  } else if (!variant.empty()) {
    throw UserError({"librispeech_deepspeech has no such variant", "", variant,
                     "use tanh, no_resnet or norm_and_spec_aug, or leave the variant out"});
  }
  return config;
}

}  // namespace timetrial
