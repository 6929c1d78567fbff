#include "timetrial/state.h"

#include <sstream>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr const char* kSavedState = "saved state of the submission";

std::string describe(const at::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.scalar_type() << " " << tensor.sizes();
  return text.str();
}

std::string element_name(const std::string& list, std::size_t index) {
  return list + "." + std::to_string(index);
}

std::string count_name(const std::string& list) {
  return list + ".count";
}

const at::Tensor& scalar_of(const std::string& name, const at::Tensor& tensor, at::ScalarType wanted) {
  if (tensor.dim() == 0 && tensor.scalar_type() == wanted) return tensor;
  throw UserError({"'" + name + "' is not the kind of number that load asks for", kSavedState,
                   describe(tensor), "read '" + name + "' by the call that matches the one it was put with"});
}

}  // namespace

void State::put(const std::string& name, const at::Tensor& tensor) {
  if (!tensor.defined()) {
    throw UserError({"'" + name + "' is put as an undefined tensor", kSavedState, "",
                     "put it only once it holds a value"});
  }
  if (!tensors_.emplace(name, tensor.detach().clone()).second) {
    throw UserError(
        {"'" + name + "' is put twice", kSavedState, describe(tensor), "give every value a name of its own"});
  }
}

void State::put_number(const std::string& name, double value) {
  put(name, at::full({}, value, at::kDouble));
}

void State::put_integer(const std::string& name, int64_t value) {
  put(name, at::full({}, value, at::kLong));
}

void State::put_list(const std::string& name, const std::vector<at::Tensor>& tensors) {
  put_integer(count_name(name), static_cast<int64_t>(tensors.size()));
  for (std::size_t i = 0; i < tensors.size(); ++i) put(element_name(name, i), tensors[i]);
}

const at::Tensor& State::get(const std::string& name) const {
  auto found = tensors_.find(name);
  if (found != tensors_.end()) return found->second;
  std::string names;
  for (const auto& [existing, tensor] : tensors_) names += (names.empty() ? "" : ", ") + existing;
  throw UserError({"there is no '" + name + "'", kSavedState, names.empty() ? "nothing" : names,
                   "put '" + name + "' in save, or resume with the submission that wrote the checkpoint"});
}

double State::get_number(const std::string& name) const {
  return scalar_of(name, get(name), at::kDouble).item<double>();
}

int64_t State::get_integer(const std::string& name) const {
  return scalar_of(name, get(name), at::kLong).item<int64_t>();
}

void State::get_into(const std::string& name, at::Tensor destination) const {
  const at::Tensor& source = get(name);
  if (source.sizes() != destination.sizes() || source.scalar_type() != destination.scalar_type()) {
    throw UserError({"'" + name + "' does not fit: " + describe(destination) + " is wanted", kSavedState,
                     describe(source),
                     "resume with the workload, model and submission that wrote the checkpoint"});
  }
  at::NoGradGuard no_grad;
  destination.copy_(source);
}

void State::get_list_into(const std::string& name, const std::vector<at::Tensor>& destinations) const {
  const int64_t count = get_integer(count_name(name));
  if (count != static_cast<int64_t>(destinations.size())) {
    throw UserError({"the list '" + name + "' does not fit: " + std::to_string(destinations.size()) +
                         " tensors are wanted",
                     kSavedState, std::to_string(count) + " tensors",
                     "resume with the workload, model and submission that wrote the checkpoint"});
  }
  for (std::size_t i = 0; i < destinations.size(); ++i) get_into(element_name(name, i), destinations[i]);
}

}  // namespace timetrial
