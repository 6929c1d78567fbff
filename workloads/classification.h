#pragma once

// What workloads that sort images into classes share: loss, metrics, generated batches.

#include <cstdint>
#include <functional>
#include <string>

#include "timetrial/model.h"
#include "workloads/workload.h"

namespace timetrial {

// Softmax cross entropy with label smoothing a: targets (1 - a) t + a / classes. `logits`: [batch, classes].
// Batch "targets": int64 [batch], or probabilities [batch, classes] of any floating dtype.
Loss classification_loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options);

// The examples of a split; make(begin, count) runs on loader threads.
struct EvaluationExamples {
  int64_t count = 0;
  std::function<Batch(int64_t begin, int64_t count)> make;
};

// "loss" and "accuracy" of the workload's model, means over all examples. `default_batch_size` counts where
// the options name none.
Metrics evaluate_classification(Workload& workload, const EvaluationExamples& examples,
                                const WorkloadOptions& options, int64_t default_batch_size);

// A generated batch of images, the last of which is masked. `shape`: [batch, channels, height, width].
FingerprintCase generated_images(const std::string& name, at::IntArrayRef shape, int64_t classes);

}  // namespace timetrial
