#include "timetrial/elementwise_update.h"

#include <sstream>
#include <string>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

std::string layout_of(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.device() << " " << tensor.scalar_type() << " " << tensor.sizes() << " with strides "
       << tensor.strides();
  return text.str();
}

void check_fits(const at::Tensor& tensor, const at::Tensor& parameter, const std::string& what,
                std::size_t index) {
  if (tensor.device() == parameter.device() && tensor.scalar_type() == parameter.scalar_type() &&
      same_memory_order(tensor, parameter)) {
    return;
  }
  throw UserError({what + " does not match its parameter, which is " + layout_of(parameter),
                   "parameter " + std::to_string(index), layout_of(tensor),
                   "make states with at::zeros_like and take gradients from gradients_of"});
}

void check_count(const std::string& what, std::size_t found, std::size_t wanted) {
  if (found == wanted) return;
  throw UserError({"the number of " + what + " is not " + std::to_string(wanted), "fused elementwise update",
                   std::to_string(found), "give one for every parameter or every state of the rule"});
}

}  // namespace

void throw_no_elementwise_pass(at::Device device) {
  throw UserError(
      {"this elementwise submission has no update for the device", "initialisation of the submission",
       device.str(),
       "train on the CPU, or build the submission where nvcc is, with the .cu file of its kernels "
       "(timetrial/cuda_kernels.cuh)"});
}

ElementwiseUpdate::ElementwiseUpdate(std::vector<at::Tensor> parameters,
                                     std::vector<std::vector<at::Tensor>> states, std::vector<int> groups,
                                     bool has_kernels)
    : parameters_(std::move(parameters)),
      states_(std::move(states)),
      groups_(std::move(groups)),
      chunks_(parameters_),
      ranges_(chunks_.ranges_of_tensors(kBytesBetweenPasses)) {
  if (groups_.empty()) groups_.resize(parameters_.size());
  check_count("groups", groups_.size(), parameters_.size());
  for (const std::vector<at::Tensor>& state : states_) {
    check_count("state tensors", state.size(), parameters_.size());
    for (std::size_t i = 0; i < state.size(); ++i) check_fits(state[i], parameters_[i], "a state tensor", i);
  }
  if (parameters_.empty() || parameters_[0].is_cpu()) return;
  if (!has_kernels || !parameters_[0].is_cuda()) throw_no_elementwise_pass(parameters_[0].device());
  cuda_.emplace(chunks_, parameters_, states_, groups_);
}

void ElementwiseUpdate::check_gradients(const std::vector<at::Tensor>& gradients, int states_of_rule) const {
  check_count("gradients", gradients.size(), parameters_.size());
  check_count("state lists", states_.size(), static_cast<std::size_t>(states_of_rule));
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (gradients[i].defined()) check_fits(gradients[i], parameters_[i], "a gradient", i);
  }
}

std::vector<const void*> ElementwiseUpdate::addresses_of(const std::vector<at::Tensor>& gradients) {
  std::vector<const void*> addresses;
  addresses.reserve(gradients.size());
  for (const at::Tensor& gradient : gradients) {
    addresses.push_back(gradient.defined() ? gradient.const_data_ptr() : nullptr);
  }
  return addresses;
}

std::vector<void*> ElementwiseUpdate::streams_of(const std::vector<at::Tensor>& gradients) const {
  std::vector<void*> streams;
  streams.reserve(parameters_.size() * (2 + states_.size()));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    streams.push_back(parameters_[i].mutable_data_ptr());
    streams.push_back(gradients[i].defined() ? const_cast<void*>(gradients[i].const_data_ptr()) : nullptr);
    for (const std::vector<at::Tensor>& state : states_) streams.push_back(state[i].mutable_data_ptr());
  }
  return streams;
}

void ElementwiseUpdate::tell_autograd(const std::vector<at::Tensor>& gradients) const {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (gradients[i].defined()) parameters_[i].unsafeGetTensorImpl()->bump_version();
  }
}

}  // namespace timetrial
