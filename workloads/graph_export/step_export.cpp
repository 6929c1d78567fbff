#include "workloads/graph_export/step_export.h"

#include <stdexcept>
#include <utility>

#include <torch/torch.h>

#include "harness/errors/user_error.h"
#include "workloads/graph_export/colocation.h"
#include "workloads/graph_export/graph_recorder.h"

namespace timetrial {
namespace {

constexpr double kNoSmoothing = 0;

void clear_gradients(const StepToExport& step) {
  for (const NamedTensor& weight : step.weights) weight.tensor.mutable_grad().reset();
}

bool lies_on_meta(const StepToExport& step) {
  for (const auto* list : {&step.weights, &step.inputs}) {
    for (const NamedTensor& named : *list) {
      if (named.tensor.is_meta()) return true;
    }
  }
  return false;
}

class StepExport {
 public:
  explicit StepExport(const StepToExport& step) : step_(step) {}

  ExportedGraph run() {
    declare();
    record();
    mark_roots();
    ExportedGraph& exported = recorder_.graph().exported();
    for (const NamedTensor& weight : step_.weights) exported.weights.push_back(weight.name);
    assign_colocation(exported, seeds_);
    ExportedGraph live = live_part(exported);
    validate(live);
    return live;
  }

 private:
  void declare() {
    for (size_t i = 0; i < step_.weights.size(); ++i) {
      const auto& [name, tensor] = step_.weights[i];
      const auto group = static_cast<int32_t>(i);
      seeds_.emplace_back(recorder_.declare_weight(name, tensor), group);
      states_.emplace_back();
      for (size_t state = 0; step_.last == TrainingPhase::update && state < step_.update.states; ++state) {
        states_.back().push_back(at::zeros_like(tensor.detach()));
        seeds_.emplace_back(
            recorder_.declare_input(name + ".state" + std::to_string(state), states_.back().back()), group);
      }
    }
    for (const auto& [name, tensor] : step_.inputs) recorder_.declare_input(name, tensor);
  }

  void record() {
    recorder_.record(TrainingPhase::forward, [&] { loss_ = step_.forward(); });
    if (step_.last == TrainingPhase::forward) return;
    recorder_.record(TrainingPhase::backward, [&] { loss_.backward(); });
    for (size_t i = 0; i < step_.weights.size(); ++i) {
      const at::Tensor gradient = step_.weights[i].tensor.grad();
      if (gradient.defined()) seeds_.emplace_back(recorder_.node_of(gradient), static_cast<int32_t>(i));
    }
    if (step_.last == TrainingPhase::backward) return;
    recorder_.record(TrainingPhase::update, [&] {
      const at::NoGradGuard no_grad;
      for (size_t i = 0; i < step_.weights.size(); ++i) {
        const at::Tensor& weight = step_.weights[i].tensor;
        if (weight.grad().defined()) step_.update.apply(weight, weight.grad(), states_[i]);
      }
    });
  }

  void mark_roots() {
    mark(loss_);
    for (size_t i = 0; i < step_.weights.size(); ++i) {
      const at::Tensor& weight = step_.weights[i].tensor;
      if (step_.last == TrainingPhase::backward && weight.grad().defined()) mark(weight.grad());
      mark_if_written(weight);
      for (const at::Tensor& state : states_[i]) mark_if_written(state);
    }
    for (const NamedTensor& input : step_.inputs) mark_if_written(input.tensor);
  }

  void mark_if_written(const at::Tensor& tensor) {
    if (recorder_.is_written(tensor)) mark(tensor);
  }

  void mark(const at::Tensor& tensor) {
    const auto id = static_cast<size_t>(recorder_.node_of(tensor));
    recorder_.graph().exported().graph.nodes[id].is_root = true;
  }

  const StepToExport& step_;
  GraphRecorder recorder_;
  std::vector<std::vector<at::Tensor>> states_;
  std::vector<std::pair<int32_t, int32_t>> seeds_;
  at::Tensor loss_;
};

}  // namespace

ExportedGraph export_step(const StepToExport& step) {
  clear_gradients(step);
  try {
    ExportedGraph exported = StepExport(step).run();
    clear_gradients(step);
    return exported;
  } catch (const c10::Error& error) {
    clear_gradients(step);
    if (!lies_on_meta(step)) throw;
    throw UserError({"the step cannot run on the meta device, whose tensors have shapes and no values", "",
                     error.what_without_backtrace(),
                     "export this model on the CPU, or give a loss that does not read values"});
  } catch (...) {
    clear_gradients(step);
    throw;
  }
}

ExportedGraph export_training_step(Workload& workload, const Batch& batch,
                                   const TrainingStepOptions& options) {
  constexpr uint64_t kSeed = 1;
  workload.build_model(kSeed);
  StepToExport step;
  for (const Parameter& parameter : workload.parameters())
    step.weights.push_back({parameter.name, parameter.tensor});
  for (const auto& buffer : workload.model().named_buffers())
    step.inputs.push_back({buffer.key(), buffer.value()});
  for (const auto& [name, tensor] : batch.tensors) step.inputs.push_back({name, tensor});
  step.forward = [&] {
    const at::Tensor logits = workload.forward(batch, {ForwardMode::train, true, std::nullopt});
    return options.loss ? options.loss(logits) : workload.loss(batch, logits, {kNoSmoothing}).mean();
  };
  step.last = options.last;
  step.update = options.update;
  return export_step(step);
}

Batch meta_batch(const Batch& batch, int64_t examples) {
  int64_t before = 0;
  for (const auto& [name, tensor] : batch.tensors)
    before = std::max(before, tensor.dim() > 0 ? tensor.size(0) : 0);
  if (batch.has("inputs")) before = batch.at("inputs").size(0);
  Batch result;
  result.examples = examples > 0 ? examples : batch.examples;
  for (const auto& [name, tensor] : batch.tensors) {
    std::vector<int64_t> sizes = tensor.sizes().vec();
    if (examples > 0 && !sizes.empty() && sizes[0] == before) sizes[0] = examples;
    result.tensors[name] = at::empty(sizes, tensor.options().device(at::kMeta));
  }
  return result;
}

}  // namespace timetrial
