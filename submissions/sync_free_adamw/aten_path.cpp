#include "aten_path.h"

#include <numbers>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "timetrial/gradients.h"
#include "timetrial/step_scalars.h"

namespace timetrial {
namespace {

// WarmupCosine::at on the device. steps: 0-d float64.
at::Tensor learning_rate(const WarmupCosine& schedule, const at::Tensor& steps) {
  const auto warmup_steps = static_cast<double>(schedule.warmup_steps);
  at::Tensor fraction = (steps - warmup_steps) / static_cast<double>(schedule.decay_steps);
  if (schedule.after == AfterCosine::stay_at_zero) fraction = fraction.clamp_max(1);
  const at::Tensor cosine = (at::cos(fraction * std::numbers::pi) + 1) * (0.5 * schedule.peak);
  if (schedule.warmup_steps == 0) return cosine;
  const at::Tensor warmup =
      (steps * ((1 - kWarmupStartFactor) / warmup_steps) + kWarmupStartFactor) * schedule.peak;
  return at::where(steps < warmup_steps, warmup, cosine);
}

// 1 where any entry of any gradient is not finite, else 0: float32 [1], as the fused kernel wants it.
at::Tensor overflow_flag(const std::vector<at::Tensor>& gradients) {
  const auto options = gradients[0].options().dtype(at::kFloat);
  at::Tensor flag = at::zeros({1}, options);
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, flag, at::ones({}, options));
  return flag;
}

// What the gradients are divided by so that their global L2 norm is at most `largest`: float32 0-d. Norms are
// taken in float64, where squares of large float32 entries fit.
at::Tensor clip_divisor(const std::vector<at::Tensor>& gradients, double largest) {
  const at::Tensor norm = at::stack(at::_foreach_norm(gradients, 2, at::kDouble)).norm();
  return ((norm + kClipEpsilon) / largest).clamp_min(1).to(at::kFloat);
}

}  // namespace

void update_with_aten(const AdamSettings& settings, double grad_clip, const AdamwTensors& tensors,
                      const std::vector<at::Tensor>& all_gradients) {
  at::NoGradGuard no_grad;
  const std::vector<at::Tensor> gradients = where_defined(all_gradients, all_gradients);
  at::Tensor steps = tensors.steps;
  const at::Tensor next_steps = steps + 1;
  if (gradients.empty()) {
    steps.copy_(next_steps);
    return;
  }

  const at::Tensor overflow = overflow_flag(gradients);
  std::optional<at::Tensor> divisor;
  if (grad_clip > 0) divisor = clip_divisor(gradients, grad_clip);
  const std::vector<at::Tensor> step_of_each(gradients.size(), next_steps.to(at::kFloat));
  at::_fused_adamw_(where_defined(tensors.parameters, all_gradients), gradients,
                    where_defined(tensors.first_moments, all_gradients),
                    where_defined(tensors.second_moments, all_gradients), {}, step_of_each,
                    learning_rate(settings.schedule, steps).to(at::kFloat), settings.beta1, settings.beta2,
                    settings.weight_decay, settings.epsilon, /*amsgrad=*/false, /*maximize=*/false, divisor,
                    overflow);
  steps.copy_(at::where(overflow.squeeze(0) > 0, steps, next_steps));
}

}  // namespace timetrial
