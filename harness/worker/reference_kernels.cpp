#include "harness/worker/reference_kernels.h"

#include <algorithm>
#include <functional>
#include <vector>

#include <ATen/ATen.h>

#include "harness/worker/harness_overhead.h"

namespace timetrial {

namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int kFewestPasses = 5;

// Sizes at which a pass takes milliseconds: starting it must not count.
struct Sizes {
  int64_t matrix = 384;
  int64_t copied_bytes = 32 * kMiB;
  int64_t elements = kMiB / 2;
};

Sizes sizes_on(const Device& device) {
  if (device.torch_device().is_cpu()) return {};
  return {4096, 512 * kMiB, 64 * kMiB};
}

double median_seconds(Device& device, double seconds, const std::function<void()>& pass) {
  pass();  // pays for what is only paid once
  std::vector<double> passes;
  const double begin = steady_seconds();
  while (std::ssize(passes) < kFewestPasses || steady_seconds() - begin < seconds) {
    device.start_segment();
    pass();
    passes.push_back(device.drain());
  }
  return quantile_of(std::move(passes), 0.5);
}

}  // namespace

double reference_seconds_for(double budget_seconds) {
  return std::clamp(budget_seconds / 200, 0.03, 0.3);
}

ReferenceTimesRecord time_reference_kernels(Device& device, const std::string& moment, double seconds) {
  const double begin = steady_seconds();
  const at::NoGradGuard no_grad;
  const at::TensorOptions options = at::TensorOptions().dtype(at::kFloat).device(device.torch_device());
  const Sizes sizes = sizes_on(device);
  ReferenceTimesRecord record;
  record.moment = moment;
  {
    const at::Tensor left = at::full({sizes.matrix, sizes.matrix}, 0.5, options);
    at::Tensor product = at::empty_like(left);
    record.seconds["matrix product"] =
        median_seconds(device, seconds / 3, [&] { at::mm_out(product, left, left); });
  }
  {
    const at::Tensor from = at::ones({sizes.copied_bytes / 4}, options);
    at::Tensor to = at::empty_like(from);
    record.seconds["memory"] = median_seconds(device, seconds / 3, [&] { to.copy_(from); });
  }
  {
    const at::Tensor values = at::full({sizes.elements}, 0.25, options);
    at::Tensor results = at::empty_like(values);
    record.seconds["elementwise"] =
        median_seconds(device, seconds / 3, [&] { at::tanh_out(results, values); });
  }
  record.spent_seconds = steady_seconds() - begin;
  return record;
}

}  // namespace timetrial
