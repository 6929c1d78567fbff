#pragma once

#include <ATen/ATen.h>

namespace timetrial {

// Dropout in training, from the device's own generator. Rate 0 (as outside training) draws nothing.
inline at::Tensor drop(const at::Tensor& values, double rate) {
  return rate > 0 ? at::dropout(values, rate, /*train=*/true) : values;
}

}  // namespace timetrial
