#include "momentum_aten.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "timetrial/gradients.h"

namespace timetrial {
namespace {

// WarmupLinearDecay::at on the device. steps: 0-d float64.
at::Tensor learning_rate(const WarmupLinearDecay& schedule, const at::Tensor& steps) {
  const auto warmup_steps = static_cast<double>(schedule.warmup_steps);
  const at::Tensor decayed =
      ((steps - warmup_steps) / static_cast<double>(schedule.decay_steps)).clamp_max(1);
  const at::Tensor decay = (1 + decayed * (schedule.end_factor - 1)) * schedule.peak;
  if (schedule.warmup_steps == 0) return decay;
  return at::where(steps < warmup_steps, steps * (schedule.peak / warmup_steps), decay);
}

}  // namespace

void update_with_aten(const MomentumSettings& settings, MomentumKind kind, double grad_clip,
                      const MomentumTensors& tensors, const std::vector<at::Tensor>& all_gradients) {
  at::NoGradGuard no_grad;
  const std::vector<at::Tensor> gradients = where_defined(all_gradients, all_gradients);
  if (!gradients.empty()) {
    if (grad_clip > 0) clip_gradients(gradients, grad_clip);
    // A trace of zeros makes the first step what `is_first_step` would: trace = gradient.
    at::_fused_sgd_(where_defined(tensors.parameters, all_gradients), gradients,
                    where_defined(tensors.traces, all_gradients), settings.weight_decay, settings.momentum,
                    learning_rate(settings.schedule, tensors.steps).to(at::kFloat), /*dampening=*/0,
                    kind == MomentumKind::nesterov, /*maximize=*/false, /*is_first_step=*/false);
  }
  tensors.steps.add_(1);
}

}  // namespace timetrial
