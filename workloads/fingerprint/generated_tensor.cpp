#include "workloads/fingerprint/generated_tensor.h"

#include <ATen/ATen.h>

#include "workloads/fingerprint/generator.h"

namespace timetrial {

at::Tensor uniform_tensor(uint32_t seed, at::IntArrayRef shape) {
  at::Tensor tensor = at::empty(shape, at::kFloat);
  float* values = tensor.data_ptr<float>();
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    values[i] = static_cast<float>(generated_uniform(seed, static_cast<uint64_t>(i)));
  }
  return tensor;
}

at::Tensor hash_tensor(uint32_t seed, at::IntArrayRef shape, uint32_t modulus) {
  at::Tensor tensor = at::empty(shape, at::kLong);
  int64_t* values = tensor.data_ptr<int64_t>();
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    values[i] = generated_hash(seed, static_cast<uint64_t>(i)) % modulus;
  }
  return tensor;
}

at::Tensor weights_without_last(int64_t examples) {
  at::Tensor weights = at::ones({examples}, at::kFloat);
  weights[examples - 1] = 0;
  return weights;
}

}  // namespace timetrial
