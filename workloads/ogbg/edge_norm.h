#pragma once

#include <ATen/core/Tensor.h>

#include "workloads/layers/segments.h"

namespace timetrial {

struct EdgeNormOptions {
  double epsilon = 1e-6;
  bool relu = false;  // negative results become 0
};

// Layer normalisation over the last dimension of  edges[k] + senders[sender of k] + receivers[receiver of k],
// times `scale` plus `shift` [width]. edges [edges, width], senders and receivers [nodes, width] -> [edges,
// width].
//
// On the CPU one pass forward and one backward that never store the sum; elsewhere, and for derivatives of
// the gradient, the same made of ATen operations.
at::Tensor edge_norm(const at::Tensor& edges, const at::Tensor& senders, const at::Tensor& receivers,
                     const Segments& by_sender, const Segments& by_receiver, const at::Tensor& scale,
                     const at::Tensor& shift, const EdgeNormOptions& options);

// The same made of ATen operations on every device.
at::Tensor edge_norm_composed(const at::Tensor& edges, const at::Tensor& senders, const at::Tensor& receivers,
                              const Segments& by_sender, const Segments& by_receiver, const at::Tensor& scale,
                              const at::Tensor& shift, const EdgeNormOptions& options);

}  // namespace timetrial
