#include "workloads/finewebedu_lm/rotary.h"

#include <ATen/ATen.h>

namespace timetrial {

RotaryTable rotary_table(int64_t positions, int64_t head_size, double base, at::Device device) {
  // On the CPU and moved, so that every device turns by the same angles.
  const at::Tensor exponents = at::arange(0, head_size, 2).to(at::kFloat) / static_cast<double>(head_size);
  const at::Tensor frequencies = at::pow(base, exponents).reciprocal();
  const at::Tensor angles = at::outer(at::arange(positions).to(at::kFloat), frequencies);
  return {angles.cos().to(device), angles.sin().to(device)};
}

at::Tensor rotate(const at::Tensor& heads, const RotaryTable& table) {
  const int64_t tokens = heads.size(1);
  const at::Tensor cosine = table.cosine.narrow(0, 0, tokens).unsqueeze(1);  // [tokens, 1, head size / 2]
  const at::Tensor sine = table.sine.narrow(0, 0, tokens).unsqueeze(1);
  const at::Tensor pairs = heads.to(at::kFloat).unflatten(-1, {-1, 2});
  const at::Tensor first = pairs.select(-1, 0);
  const at::Tensor second = pairs.select(-1, 1);
  return at::stack({first * cosine - second * sine, second * cosine + first * sine}, -1)
      .flatten(-2)
      .to(heads.scalar_type());
}

}  // namespace timetrial
