#include "workloads/fingerprint/tensor_summary.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

namespace timetrial {
namespace {

using nlohmann::ordered_json;

std::vector<double> first_values(const at::Tensor& flat, int64_t count) {
  const at::Tensor head = flat.narrow(0, 0, std::min(count, flat.numel())).contiguous();
  return {head.const_data_ptr<double>(), head.const_data_ptr<double>() + head.numel()};
}

double largest(const at::Tensor& flat) {
  return flat.numel() > 0 ? flat.abs().max().item<double>() : 0;
}

}  // namespace

at::Tensor flat_double(const at::Tensor& tensor) {
  return tensor.detach().to(at::kCPU, at::kDouble).reshape(-1);
}

ordered_json summarise(const at::Tensor& tensor, int64_t count) {
  const at::Tensor flat = flat_double(tensor);
  return {{"shape", tensor.sizes().vec()},
          {"first", first_values(flat, count)},
          {"sum", flat.sum().item<double>()},
          {"l2", flat.norm().item<double>()},
          {"absmax", largest(flat)}};
}

ordered_json summarise_gradient(const std::string& name, const at::Tensor& gradient) {
  const at::Tensor flat = flat_double(gradient);
  return ordered_json::array(
      {name, flat.norm().item<double>(), flat.sum().item<double>(), largest(flat), first_values(flat, 4)});
}

}  // namespace timetrial
