#pragma once

// Adafactor's moving average of squared gradients (Shazeer and Stern, Adafactor: Adaptive Learning Rates with
// Sublinear Memory Cost, 2018). Of a tensor with two or more dimensions it keeps, for every matrix in the
// last two, one number a row and one a column; the average of an entry is their outer product over the mean
// of the rows. Other tensors keep one number an entry.

#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

class SecondMoment {
 public:
  explicit SecondMoment(const at::Tensor& parameter);

  // Takes the gradient up with weight 1 - beta2, every square enlarged by epsilon, and returns the gradient
  // over the root of the average: a new tensor.
  at::Tensor normalized(const at::Tensor& gradient, double beta2, double epsilon);

  // All there is to save: rows and columns, or the average of every entry.
  const std::vector<at::Tensor>& averages() const { return averages_; }

 private:
  std::vector<at::Tensor> averages_;
};

}  // namespace timetrial
