#include "orthogonalized_momentum.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "newton_schulz.h"

namespace timetrial {

OrthogonalizedMomentum::OrthogonalizedMomentum(std::vector<at::Tensor> parameters, const Settings& settings)
    : settings_(settings), parameters_(std::move(parameters)) {
  for (const at::Tensor& parameter : parameters_) momenta_.push_back(at::zeros_like(parameter));
}

double OrthogonalizedMomentum::scale_of(const at::Tensor& parameter) const {
  const auto rows = static_cast<double>(parameter.size(0));
  const auto columns = static_cast<double>(parameter.size(1));
  if (settings_.scale == MuonScale::match_adam) return 0.2 * std::sqrt(std::max(rows, columns));
  return std::max(1.0, std::sqrt(rows / columns));
}

void OrthogonalizedMomentum::update(const std::vector<at::Tensor>& gradients, double learning_rate) {
  at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!gradients[i].defined() || parameters_[i].numel() == 0) continue;
    at::Tensor& parameter = parameters_[i];
    at::Tensor& momentum = momenta_[i];
    momentum.lerp_(gradients[i], 1 - settings_.beta);
    const at::Tensor blend = settings_.nesterov ? gradients[i].lerp(momentum, settings_.beta) : momentum;
    const at::Tensor direction = orthogonalized(blend.reshape({parameter.size(0), -1}));
    if (settings_.weight_decay != 0) parameter.mul_(1 - learning_rate * settings_.weight_decay);
    parameter.add_(direction.reshape(parameter.sizes()), -learning_rate * scale_of(parameter));
  }
}

void OrthogonalizedMomentum::save(State& state) const {
  state.put_list("momenta", momenta_);
}

void OrthogonalizedMomentum::load(const State& state) {
  state.get_list_into("momenta", momenta_);
}

}  // namespace timetrial
