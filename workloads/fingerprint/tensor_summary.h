#pragma once

// A tensor in a few numbers, accumulated in double.

#include <ATen/core/Tensor.h>
#include <nlohmann/json_fwd.hpp>

namespace timetrial {

// {shape, first (at most `count` values in row-major order), sum, l2, absmax}
nlohmann::ordered_json summarise(const at::Tensor& tensor, int64_t count);

// [name, l2, sum, absmax, first four values]
nlohmann::ordered_json summarise_gradient(const std::string& name, const at::Tensor& gradient);

// Row-major values in double on the CPU.
at::Tensor flat_double(const at::Tensor& tensor);

}  // namespace timetrial
