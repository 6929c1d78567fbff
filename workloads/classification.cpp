#include "workloads/classification.h"

#include <ATen/ATen.h>

#include "workloads/data/evaluation_pass.h"
#include "workloads/fingerprint/generated_tensor.h"
#include "workloads/masked_loss.h"

namespace timetrial {
namespace {

constexpr int64_t kNoIgnoredClass = -100;
constexpr uint32_t kImageSeed = 1001;  // of the parity cases
constexpr uint32_t kLabelSeed = 1002;

}  // namespace

Loss classification_loss(const Batch& batch, const at::Tensor& logits, const LossOptions& options) {
  at::Tensor targets = batch.at("targets").to(logits.device(), /*non_blocking=*/true);
  if (targets.is_floating_point()) targets = targets.to(logits.scalar_type());
  return masked_loss(at::cross_entropy_loss(logits, targets, {}, at::Reduction::None, kNoIgnoredClass,
                                            options.label_smoothing),
                     batch);
}

Metrics evaluate_classification(Workload& workload, const EvaluationExamples& examples,
                                const WorkloadOptions& options, int64_t default_batch_size) {
  const at::NoGradGuard no_grad;
  const auto score = [&](const Batch& batch) {
    const at::Tensor logits = workload.forward(batch, {ForwardMode::evaluate, false, std::nullopt});
    const at::Tensor right = logits.argmax(1).eq(batch.at("targets").to(logits.device()));
    return numbers({classification_loss(batch, logits, {}).per_example.sum(at::kDouble).item<double>(),
                    right.sum(at::kDouble).item<double>()});
  };
  const int64_t batch_size =
      options.evaluation_batch_size > 0 ? options.evaluation_batch_size : default_batch_size;
  const std::vector<double> sums =
      sums_of(evaluation_pass(examples.count, batch_size, options.loader_threads, examples.make, score));
  const auto total = static_cast<double>(examples.count);
  return {{"loss", sums[0] / total}, {"accuracy", sums[1] / total}};
}

FingerprintCase generated_images(const std::string& name, at::IntArrayRef shape, int64_t classes) {
  const int64_t count = shape[0];
  Batch batch;
  batch.examples = count - 1;
  batch.tensors = {{"inputs", uniform_tensor(kImageSeed, shape)},
                   {"targets", hash_tensor(kLabelSeed, {count}, static_cast<uint32_t>(classes))},
                   {"weights", weights_without_last(count)}};
  return {.name = name, .batch = batch, .soft_targets = true};
}

}  // namespace timetrial
