#include "timetrial/fused_adamw.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

namespace timetrial {

FusedAdamw::FusedAdamw(std::vector<at::Tensor> parameters, const Settings& settings)
    : settings_(settings), parameters_(std::move(parameters)) {
  for (const at::Tensor& parameter : parameters_) {
    first_moments_.push_back(at::zeros_like(parameter));
    second_moments_.push_back(at::zeros_like(parameter));
    steps_.push_back(at::zeros({}, parameter.options().dtype(at::kFloat)));
  }
}

void FusedAdamw::update(const std::vector<at::Tensor>& all_gradients, double learning_rate) {
  at::NoGradGuard no_grad;
  std::vector<at::Tensor> parameters, gradients, first_moments, second_moments, steps;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!all_gradients[i].defined()) continue;
    parameters.push_back(parameters_[i]);
    gradients.push_back(all_gradients[i]);
    first_moments.push_back(first_moments_[i]);
    second_moments.push_back(second_moments_[i]);
    steps.push_back(steps_[i]);
  }
  if (parameters.empty()) return;
  at::_foreach_add_(steps, 1);
  at::_fused_adamw_(parameters, gradients, first_moments, second_moments, {}, steps, learning_rate,
                    settings_.beta1, settings_.beta2, settings_.weight_decay, settings_.epsilon,
                    /*amsgrad=*/false, /*maximize=*/false);
}

void FusedAdamw::save(State& state) const {
  state.put_list("first_moments", first_moments_);
  state.put_list("second_moments", second_moments_);
  state.put_list("steps", steps_);
}

void FusedAdamw::load(const State& state) {
  state.get_list_into("first_moments", first_moments_);
  state.get_list_into("second_moments", second_moments_);
  state.get_list_into("steps", steps_);
}

}  // namespace timetrial
