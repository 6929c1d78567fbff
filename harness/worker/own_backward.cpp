#include "harness/worker/own_backward.h"

#include <torch/csrc/autograd/engine.h>

namespace timetrial {

void time_own_backward(StepTimes& times, const Loss& loss) {
  // The submission's loss is made of either, and one pass may meet both.
  for (const at::Tensor& tensor : {loss.summed, loss.per_example}) {
    if (!tensor.defined() || !tensor.requires_grad()) continue;
    tensor.register_hook([&times](const at::Tensor& /*gradient*/) {
      if (!times.sampling() || times.part() == StepPart::backward) return;
      const StepPart outer = times.enter(StepPart::backward);
      torch::autograd::Engine::get_default_engine().queue_callback([&times, outer] { times.enter(outer); });
    });
  }
}

}  // namespace timetrial
