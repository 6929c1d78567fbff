#include "workloads/wmt/attention_masks.h"

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr double kForbidden = -1e10;

// [batch, queries, keys] bool -> [batch, 1, queries, keys]
at::Tensor added(const at::Tensor& allowed, at::ScalarType dtype) {
  return at::zeros(allowed.sizes(), allowed.options().dtype(dtype))
      .masked_fill_(allowed.logical_not(), kForbidden)
      .unsqueeze(1);
}

// [batch, queries], [batch, keys] -> [batch, queries, keys]
at::Tensor both_real(const at::Tensor& queries, const at::Tensor& keys) {
  return queries.gt(0).unsqueeze(2).logical_and(keys.gt(0).unsqueeze(1));
}

at::Tensor same(const at::Tensor& queries, const at::Tensor& keys) {
  return queries.unsqueeze(2).eq(keys.unsqueeze(1));
}

}  // namespace

AttentionMasks attention_masks(const Batch& batch, at::ScalarType dtype) {
  const at::Tensor& sources = batch.at("inputs");
  const at::Tensor& targets = batch.at("targets");
  at::Tensor encoder = both_real(sources, sources);
  at::Tensor decoder = both_real(targets, targets).tril();
  at::Tensor cross = both_real(targets, sources);
  if (batch.has("inputs_segmentation")) {
    const at::Tensor& source_segments = batch.at("inputs_segmentation");
    const at::Tensor& target_segments = batch.at("targets_segmentation");
    encoder = encoder.logical_and(same(source_segments, source_segments));
    decoder = decoder.logical_and(same(target_segments, target_segments));
    cross = cross.logical_and(same(target_segments, source_segments));
  }
  return {added(encoder, dtype), added(decoder, dtype), added(cross, dtype)};
}

at::Tensor source_mask(const at::Tensor& sources, at::ScalarType dtype) {
  return added(sources.gt(0).unsqueeze(1), dtype);
}

}  // namespace timetrial
