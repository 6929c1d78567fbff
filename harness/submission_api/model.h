#pragma once

// The model as a submission sees it: run it forward, take its loss. Nothing here waits for the device.

#include <cstdint>
#include <optional>

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include "timetrial/batch.h"

namespace timetrial {

enum class LossType {
  softmax_cross_entropy,
  sigmoid_cross_entropy,
  mean_squared_error,
  ctc,
  mean_absolute_error,
  ranking  // logits are scores of lists: the larger, the later in the order
};

enum class ForwardMode { train, evaluate };

struct ForwardOptions {
  ForwardMode mode = ForwardMode::train;
  // False keeps batch statistics for normalisation but leaves the running statistics untouched
  // (second pass of SAM, line searches).
  bool update_batch_norm = true;
  std::optional<double> dropout_rate;  // absent: the workload's default
};

struct LossOptions {
  double label_smoothing = 0.0;  // ignored by workloads whose loss has no classes
};

// All three are device tensors; reading them on the host would wait for the device.
struct Loss {
  at::Tensor summed;          // 0-d, sum over valid examples, differentiable
  at::Tensor valid_examples;  // 0-d, the workload's normaliser (examples, target tokens, labelled entries …)
  at::Tensor per_example;     // [batch] or finer; 0 where masked

  at::Tensor mean() const { return summed / valid_examples; }
};

// Owned by the harness; valid for the whole trial; to be called from the submission's own calls only, on the
// thread that made the call.
class Model {
 public:
  virtual ~Model() = default;

  virtual at::Tensor forward(const Batch& batch, const ForwardOptions& options) = 0;  // logits
  virtual Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) = 0;
  virtual LossType loss_type() const = 0;
};

}  // namespace timetrial
