#pragma once

// Named tensors and numbers that make up a checkpoint of a submission. `save` puts, `load` gets; a missing
// name or another shape or dtype throws an error that names it. Tensors are copied when put, so training may
// go on.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

class State {
 public:
  void put(const std::string& name, const at::Tensor& tensor);
  void put_number(const std::string& name, double value);
  void put_integer(const std::string& name, int64_t value);
  void put_list(const std::string& name, const std::vector<at::Tensor>& tensors);

  const at::Tensor& get(const std::string& name) const;
  double get_number(const std::string& name) const;
  int64_t get_integer(const std::string& name) const;
  // Copies into tensors that exist already: same count, shapes and dtypes required.
  void get_into(const std::string& name, at::Tensor destination) const;
  void get_list_into(const std::string& name, const std::vector<at::Tensor>& destinations) const;

  const std::map<std::string, at::Tensor>& tensors() const { return tensors_; }

 private:
  std::map<std::string, at::Tensor> tensors_;
};

}  // namespace timetrial
