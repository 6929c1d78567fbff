// AdamW whose update never hands a value from the device to the host: step counter, learning rate, clip
// factor and overflow flag stay where the parameters are.

#include "adamw.h"
#include "aten_path.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {
namespace {

class SyncFreeAdamw : public ElementwiseSubmission<VoidsNonFiniteSteps<Adamw>> {
 protected:
  void require_path_for(at::Device /*device*/) const override {}

  void update_elsewhere(const std::vector<at::Tensor>& gradients) override {
    update_with_aten(algorithm(), options().grad_clip, {parameters(), state(0), state(1), steps()},
                     gradients);
  }
};

}  // namespace

TIMETRIAL_SUBMISSION(SyncFreeAdamw)

}  // namespace timetrial
