#include "workloads/tpugraphs/ranking_losses.h"

#include <ATen/ATen.h>

namespace timetrial {

at::Tensor list_mle(const at::Tensor& scores, const at::Tensor& times, double temperature) {
  const at::Tensor order = std::get<1>(times.sort(/*stable=*/true, /*dim=*/1, /*descending=*/true));
  // From the fastest on: what is left when a configuration is drawn are those behind it.
  const at::Tensor drawn = (scores / temperature).gather(1, order).flip(1);
  return (drawn.logcumsumexp(1) - drawn).sum(1);
}

at::Tensor pairwise_hinge(const at::Tensor& scores, const at::Tensor& times, double margin) {
  const at::Tensor difference = scores.unsqueeze(2) - scores.unsqueeze(1);
  const at::Tensor slower = times.unsqueeze(2).gt(times.unsqueeze(1));
  return ((margin - difference).clamp_min(0) * slower).sum({1, 2});
}

at::Tensor mean_squared_time_error(const at::Tensor& scores, const at::Tensor& times) {
  return (scores - times).square().mean(1);
}

}  // namespace timetrial
