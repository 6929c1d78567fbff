#pragma once

// Fills parameters with their initial values, drawn from a given generator only. Values are drawn in
// row-major order, so they do not depend on the order in which a tensor lies in memory.

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace timetrial {

// Normal, cut off at two deviations and widened so that its variance is 1 / fan-in after the cut. Fan-in is
// what one output is computed from: all dimensions but the first. [out, in, ...]
void fill_lecun_normal(const at::Tensor& weight, const at::Generator& generator);

// Uniform in ±sqrt(6 / (fan-in + fan-out)), Glorot and Bengio 2010. [out, in, ...]
void fill_xavier_uniform(const at::Tensor& weight, const at::Generator& generator);

void fill_normal(const at::Tensor& values, double deviation, const at::Generator& generator);

void fill_constant(const at::Tensor& values, double value);

}  // namespace timetrial
