#include "workloads/fingerprint/case_run.h"

#include <cmath>

#include <nlohmann/json.hpp>
#include <torch/torch.h>

#include "workloads/fingerprint/tensor_summary.h"

namespace timetrial {

using nlohmann::ordered_json;

namespace {

constexpr double kTrainingSmoothing = 0.1;
constexpr int64_t kFirstLogits = 64;
constexpr int64_t kFirstLosses = 32;

Batch in_dtype(Batch batch, at::ScalarType dtype) {
  for (auto& [name, tensor] : batch.tensors) {
    if (tensor.is_floating_point()) tensor = tensor.to(dtype);
  }
  return batch;
}

Batch without_weights(Batch batch) {
  batch.tensors.erase("weights");
  return batch;
}

// 0.3 onehot(y) + 0.7 onehot(y reversed over the batch)
Batch with_soft_targets(Batch batch, int64_t classes, at::ScalarType dtype) {
  at::Tensor& targets = batch.tensors.at("targets");
  targets =
      (0.3 * at::one_hot(targets, classes).to(dtype) + 0.7 * at::one_hot(targets.flip(0), classes).to(dtype));
  return batch;
}

}  // namespace

CaseRun::CaseRun(Workload& workload, const FingerprintCase& definition, at::ScalarType dtype)
    : workload_(workload), case_(definition), dtype_(dtype), batch_(in_dtype(definition.batch, dtype)) {}

ordered_json CaseRun::forward_and_backward() {
  ordered_json result;
  result["eval"] = evaluate();
  result["train"] = train();
  return result;
}

ordered_json CaseRun::three_adamw_steps() {
  torch::optim::AdamWOptions options(1e-3);
  options.betas({0.9, 0.999}).eps(1e-8).weight_decay(0.01);
  torch::optim::AdamW optimizer(workload_.model().parameters(), options);
  std::vector<double> losses;
  for (int step = 0; step <= 3; ++step) {
    clear_gradients();
    const at::Tensor loss = workload_.loss(batch_, forward(ForwardMode::train), {kTrainingSmoothing}).mean();
    losses.push_back(loss.item<double>());
    if (step == 3) break;
    loss.backward();
    optimizer.step();
  }
  double squares = 0;
  double sum = 0;
  for (const auto& parameter : workload_.model().parameters()) {
    const at::Tensor flat = flat_double(parameter);
    squares += std::pow(flat.norm().item<double>(), 2);
    sum += flat.sum().item<double>();
  }
  return {{"lr", 1e-3},
          {"betas", {0.9, 0.999}},
          {"eps", 1e-8},
          {"weight_decay", 0.01},
          {"train_losses_before_step_1_2_3_and_after", losses},
          {"params_l2_after", std::sqrt(squares)},
          {"params_sum_after", sum}};
}

at::Tensor CaseRun::forward(ForwardMode mode) {
  return workload_.forward(batch_, {mode, true, 0.0});
}

ordered_json CaseRun::losses(const at::Tensor& logits) {
  ordered_json all;
  const auto add = [&](const std::string& name, const Batch& batch, double smoothing) {
    const Loss loss = workload_.loss(batch, logits, {smoothing});
    all[name] = {{"label_smoothing", smoothing},
                 {"masked", batch.has("weights")},
                 {"summed", loss.summed.item<double>()},
                 {"n_valid_examples", loss.valid_examples.item<double>()},
                 {"per_example", summarise(loss.per_example, kFirstLosses)}};
  };
  const bool masked = batch_.has("weights");
  for (const double smoothing : {0.0, kTrainingSmoothing}) {
    const std::string name = smoothing == 0 ? "ls0" : "ls0.1";
    if (!case_.always_masked) add(name + "_nomask", without_weights(batch_), smoothing);
    if (masked) add(name + "_mask", batch_, smoothing);
  }
  if (case_.soft_targets) {
    add("soft_ls0.1_mask", with_soft_targets(batch_, logits.size(1), dtype_), kTrainingSmoothing);
  }
  return all;
}

ordered_json CaseRun::evaluate() {
  const at::NoGradGuard no_grad;
  const at::Tensor logits = forward(ForwardMode::evaluate);
  ordered_json result = {{"logits", summarise(logits, kFirstLogits)}, {"losses", losses(logits)}};
  add_paddings(result);
  return result;
}

ordered_json CaseRun::train() {
  clear_gradients();
  const at::Tensor logits = forward(ForwardMode::train);
  ordered_json result = {{"logits", summarise(logits, kFirstLogits)}, {"losses", losses(logits.detach())}};
  add_paddings(result);
  const at::Tensor loss = workload_.loss(batch_, logits, {kTrainingSmoothing}).mean();
  loss.backward();
  result["loss"] = loss.item<double>();
  double squares = 0;
  ordered_json& gradients = result[kGradientsKey] = ordered_json::array();
  for (const auto& item : workload_.model().named_parameters()) {
    const at::Tensor gradient =
        item.value().grad().defined() ? item.value().grad() : at::zeros_like(item.value());
    gradients.push_back(summarise_gradient(item.key(), gradient));
    squares += std::pow(gradients.back()[1].get<double>(), 2);
  }
  result["grad_l2_total"] = std::sqrt(squares);
  if (const ordered_json buffers = buffer_summaries(); !buffers.empty()) {
    result["bn_buffers_after_one_train_forward_name_sum_l2"] = buffers;
  }
  return result;
}

void CaseRun::add_paddings(ordered_json& result) {
  const at::Tensor paddings = workload_.logit_paddings(batch_);
  if (paddings.defined()) result["output_paddings"] = summarise(paddings, kFirstLogits);
}

// Running statistics; counters and constants (num_batches_tracked, a window) are no computation.
ordered_json CaseRun::buffer_summaries() {
  ordered_json buffers = ordered_json::array();
  for (const auto& item : workload_.model().named_buffers()) {
    if (item.key().find("running_") == std::string::npos) continue;
    const at::Tensor flat = flat_double(item.value());
    buffers.push_back({item.key(), flat.sum().item<double>(), flat.norm().item<double>()});
  }
  return buffers;
}

void CaseRun::clear_gradients() {
  for (auto& parameter : workload_.model().parameters()) parameter.mutable_grad().reset();
}

}  // namespace timetrial
