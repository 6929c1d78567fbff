#pragma once

// The parameters of a submission that treats some of them by another rule than the others.

#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

class TensorPartition {
 public:
  struct Parts {
    std::vector<at::Tensor> chosen, others;  // in their old order
  };

  void add(bool is_chosen) { is_chosen_.push_back(is_chosen); }

  // tensors[i] belongs to the i-th call of add.
  Parts of(const std::vector<at::Tensor>& tensors) const {
    Parts parts;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      (is_chosen_[i] ? parts.chosen : parts.others).push_back(tensors[i]);
    }
    return parts;
  }

 private:
  std::vector<bool> is_chosen_;
};

}  // namespace timetrial
