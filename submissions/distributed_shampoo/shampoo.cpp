#include "shampoo.h"

#include <cmath>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace timetrial {
namespace {

// Keeps the length of a direction of zeros away from zero.
constexpr double kNormEpsilon = 1e-16;

}  // namespace

struct Shampoo::Active {
  std::vector<Slot*> slots;
  std::vector<at::Tensor> parameters;                                         // in their own sizes
  std::vector<at::Tensor> gradients, first_moments, second_moments, momenta;  // in merged sizes
};

Shampoo::Shampoo(std::vector<at::Tensor> parameters, const ShampooSettings& settings,
                 Preconditioning preconditioning)
    : settings_(settings), preconditioning_(preconditioning) {
  for (at::Tensor& parameter : parameters) {
    Slot slot;
    slot.sizes = merged_sizes(parameter.sizes(), settings.max_preconditioner_dim);
    const auto zeros = [&] { return at::zeros(slot.sizes, parameter.options()); };
    if (settings.beta1 > 0) slot.first_moment = zeros();
    if (settings.grafting == Grafting::adam) slot.second_moment = zeros();
    if (settings.momentum > 0) slot.momentum = zeros();
    if (preconditioning == Preconditioning::on) {
      slot.blocks = blocks_of(slot.sizes, settings.max_preconditioner_dim);
      for (const Block& block : slot.blocks)
        slot.preconditioners.emplace_back(block.sizes, parameter.detach());
    }
    slot.parameter = std::move(parameter);
    slots_.push_back(std::move(slot));
  }
}

bool Shampoo::computes_roots(int64_t t) const {
  const int64_t start = settings_.start_preconditioning_step;
  return t == start || (t > start && t % settings_.precondition_frequency == 0);
}

void Shampoo::update(const std::vector<at::Tensor>& gradients, int64_t step) {
  at::NoGradGuard no_grad;
  const int64_t t = step + 1;
  Active active;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (!gradients[i].defined() || slot.parameter.numel() == 0) continue;
    active.slots.push_back(&slot);
    active.parameters.push_back(slot.parameter);
    active.gradients.push_back(gradients[i].reshape(slot.sizes));
    active.first_moments.push_back(slot.first_moment);
    active.second_moments.push_back(slot.second_moment);
    active.momenta.push_back(slot.momentum);
  }
  if (active.slots.empty()) return;

  const std::vector<at::Tensor> filtered_gradients = filtered(active, static_cast<double>(t));
  std::vector<at::Tensor> directions = grafted(active, filtered_gradients, static_cast<double>(t));
  if (preconditioning_ == Preconditioning::on) {
    update_preconditioners(active, t);
    if (t >= settings_.start_preconditioning_step) {
      for (std::size_t i = 0; i < directions.size(); ++i) {
        directions[i] = preconditioned(*active.slots[i], filtered_gradients[i], directions[i]);
      }
    }
  }
  apply(active, std::move(directions), settings_.schedule.at(step));
}

std::vector<at::Tensor> Shampoo::filtered(const Active& active, double t) const {
  const double beta1 = settings_.beta1;
  if (beta1 == 0) return active.gradients;
  at::_foreach_lerp_(active.first_moments, active.gradients, 1 - beta1);
  const double bias_correction = 1 - std::pow(beta1, t);
  if (!settings_.nadam) return at::_foreach_div(active.first_moments, bias_correction);
  std::vector<at::Tensor> ahead = at::_foreach_lerp(active.gradients, active.first_moments, beta1);
  at::_foreach_div_(ahead, bias_correction);
  return ahead;
}

std::vector<at::Tensor> Shampoo::grafted(const Active& active, const std::vector<at::Tensor>& filtered,
                                         double t) const {
  if (settings_.grafting == Grafting::sgd) return filtered;
  at::_foreach_mul_(active.second_moments, settings_.beta2);
  at::_foreach_addcmul_(active.second_moments, active.gradients, active.gradients, 1 - settings_.beta2);
  std::vector<at::Tensor> denominators =
      at::_foreach_div(active.second_moments, 1 - std::pow(settings_.beta2, t));
  at::_foreach_sqrt_(denominators);
  at::_foreach_add_(denominators, settings_.grafting_epsilon);
  return at::_foreach_div(filtered, denominators);
}

void Shampoo::update_preconditioners(const Active& active, int64_t t) const {
  const double bias_correction = 1 - std::pow(settings_.beta2, static_cast<double>(t));
  for (std::size_t i = 0; i < active.slots.size(); ++i) {
    Slot& slot = *active.slots[i];
    for (std::size_t b = 0; b < slot.blocks.size(); ++b) {
      BlockPreconditioner& preconditioner = slot.preconditioners[b];
      preconditioner.accumulate(view_of(slot.blocks[b], active.gradients[i]), settings_.beta2);
      if (!computes_roots(t)) continue;
      const int64_t root =
          settings_.inv_root_override > 0 ? settings_.inv_root_override : 2 * preconditioner.order();
      preconditioner.compute_roots(bias_correction, settings_.exponent_multiplier / static_cast<double>(root),
                                   settings_.epsilon);
    }
  }
}

at::Tensor Shampoo::preconditioned(const Slot& slot, const at::Tensor& filtered,
                                   const at::Tensor& grafted) const {
  at::Tensor direction = at::empty_like(filtered);
  for (std::size_t b = 0; b < slot.blocks.size(); ++b) {
    const Block& block = slot.blocks[b];
    const at::Tensor shape = slot.preconditioners[b].precondition(view_of(block, filtered));
    const at::Tensor length = view_of(block, grafted).norm() / (shape.norm() + kNormEpsilon);
    view_of(block, direction).copy_(shape * length);
  }
  return direction;
}

void Shampoo::apply(const Active& active, std::vector<at::Tensor> directions, double rate) const {
  for (std::size_t i = 0; i < directions.size(); ++i) {
    directions[i] = directions[i].reshape(active.parameters[i].sizes());
  }
  if (settings_.weight_decay != 0) {
    directions = at::_foreach_add(directions, active.parameters, settings_.weight_decay);
  }
  if (settings_.momentum > 0) {
    std::vector<at::Tensor> momenta;
    for (std::size_t i = 0; i < directions.size(); ++i) {
      momenta.push_back(active.momenta[i].view(active.parameters[i].sizes()));
    }
    at::_foreach_lerp_(momenta, directions, 1 - settings_.momentum);
    directions = settings_.nesterov ? at::_foreach_lerp(directions, momenta, settings_.momentum) : momenta;
  }
  at::_foreach_add_(active.parameters, directions, -rate);
}

std::vector<std::pair<std::string, std::vector<at::Tensor>>> Shampoo::state_lists() const {
  std::vector<at::Tensor> first_moments, second_moments, momenta, factors, roots;
  for (const Slot& slot : slots_) {
    if (slot.first_moment.defined()) first_moments.push_back(slot.first_moment);
    if (slot.second_moment.defined()) second_moments.push_back(slot.second_moment);
    if (slot.momentum.defined()) momenta.push_back(slot.momentum);
    for (const BlockPreconditioner& block : slot.preconditioners) {
      factors.insert(factors.end(), block.factors().begin(), block.factors().end());
      roots.insert(roots.end(), block.roots().begin(), block.roots().end());
    }
  }
  return {{"first_moments", first_moments},
          {"second_moments", second_moments},
          {"momenta", momenta},
          {"factors", factors},
          {"roots", roots}};
}

void Shampoo::save(State& state, const std::string& prefix) const {
  for (const auto& [name, tensors] : state_lists()) state.put_list(prefix + name, tensors);
}

void Shampoo::load(const State& state, const std::string& prefix) {
  for (const auto& [name, tensors] : state_lists()) state.get_list_into(prefix + name, tensors);
}

}  // namespace timetrial
