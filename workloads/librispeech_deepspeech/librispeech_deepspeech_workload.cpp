#include "workloads/librispeech/speech_workload.h"
#include "workloads/librispeech_deepspeech/deepspeech.h"

namespace timetrial {
namespace {

class LibrispeechDeepspeechWorkload : public SpeechWorkload {
 public:
  LibrispeechDeepspeechWorkload(const WorkloadOptions& options, const DeepSpeechConfig& config)
      : SpeechWorkload(options, "librispeech_deepspeech", config.masks), config_(config) {}

 protected:
  std::shared_ptr<SpeechModel> new_model(const at::TensorOptions& tensors,
                                         const at::Generator& generator) const override {
    return std::make_shared<DeepSpeech>(config_, tensors, generator);
  }

 private:
  DeepSpeechConfig config_;
};

}  // namespace

std::unique_ptr<Workload> make_librispeech_deepspeech(const WorkloadOptions& options) {
  return std::make_unique<LibrispeechDeepspeechWorkload>(
      options, deepspeech_config(options.tier == Tier::mini, options.variant));
}

}  // namespace timetrial
