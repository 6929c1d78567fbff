#include "timetrial/fused_adamw.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "timetrial/gradients.h"

namespace timetrial {

FusedAdamw::FusedAdamw(std::vector<at::Tensor> parameters, const AdamSettings& settings)
    : settings_(settings), parameters_(std::move(parameters)) {
  for (const at::Tensor& parameter : parameters_) {
    first_moments_.push_back(at::zeros_like(parameter));
    second_moments_.push_back(at::zeros_like(parameter));
    steps_.push_back(at::zeros({}, parameter.options().dtype(at::kFloat)));
  }
}

void FusedAdamw::update(const std::vector<at::Tensor>& gradients, int64_t step) {
  at::NoGradGuard no_grad;
  const std::vector<at::Tensor> parameters = where_defined(parameters_, gradients);
  if (parameters.empty()) return;
  const std::vector<at::Tensor> steps = where_defined(steps_, gradients);
  at::_foreach_add_(steps, 1);
  at::_fused_adamw_(parameters, where_defined(gradients, gradients), where_defined(first_moments_, gradients),
                    where_defined(second_moments_, gradients), {}, steps, settings_.schedule.at(step),
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
