#include "workloads/layers/tied_embedding.h"

#include <ATen/ATen.h>

#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

constexpr int64_t kNoPaddingId = -1;

}  // namespace

TiedEmbedding::TiedEmbedding(int64_t vocabulary, int64_t width, double deviation,
                             const at::TensorOptions& options, const at::Generator& generator)
    : weight_(register_parameter("weight", at::empty({vocabulary, width}, options))) {
  fill_normal(weight_, deviation, generator);
}

// The gradient of the few rows that are looked up is sparse: autograd adds it into that of the logits, which
// reaches the table first and is dense, in place. Dense ones would be two more tables, filled with zeros.
at::Tensor TiedEmbedding::look_up(const at::Tensor& tokens) const {
  return at::embedding(weight_, tokens, kNoPaddingId, /*scale_grad_by_freq=*/false, /*sparse=*/true);
}

at::Tensor TiedEmbedding::logits(const at::Tensor& hidden) const {
  return at::linear(hidden, weight_);
}

}  // namespace timetrial
