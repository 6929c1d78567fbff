#include "workloads/librispeech/speech_workload.h"
#include "workloads/librispeech_conformer/conformer.h"

namespace timetrial {
namespace {

class LibrispeechConformerWorkload : public SpeechWorkload {
 public:
  LibrispeechConformerWorkload(const WorkloadOptions& options, const ConformerConfig& config)
      : SpeechWorkload(options, "librispeech_conformer", config.masks), config_(config) {}

 protected:
  std::shared_ptr<SpeechModel> new_model(const at::TensorOptions& tensors,
                                         const at::Generator& generator) const override {
    return std::make_shared<Conformer>(config_, tensors, generator);
  }

 private:
  ConformerConfig config_;
};

}  // namespace

std::unique_ptr<Workload> make_librispeech_conformer(const WorkloadOptions& options) {
  return std::make_unique<LibrispeechConformerWorkload>(
      options, conformer_config(options.tier == Tier::mini, options.variant));
}

}  // namespace timetrial
