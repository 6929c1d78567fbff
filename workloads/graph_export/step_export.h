#pragma once

// A step of training as a graph: forward pass, backward pass and the optimizer's update. XLA-style features
// of ATen graphs, not what XLA would make of the model.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "workloads/computation_graph/exported_graph.h"
#include "workloads/graph_export/update_rule.h"
#include "workloads/workload.h"

namespace timetrial {

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

struct StepToExport {
  std::vector<NamedTensor> weights;     // leaf tensors; one colocation group each, in this order
  std::vector<NamedTensor> inputs;      // whatever else the step begins with: batch, running statistics
  std::function<at::Tensor()> forward;  // returns the loss, a scalar; with `last` forward, any tensor
  TrainingPhase last = TrainingPhase::update;
  UpdateRule update = adam_update();
};

// Runs the step once and returns what ran, live parts only. Roots are the loss, weights and states after the
// update (without it the gradients), and inputs that were written. The step is real: on the CPU weights and
// statistics change; gradients are cleared before and after.
//
// On the meta device models of any size are exported in memory for their graph alone. A meta tensor has no
// values: where the step asks for one (a model that branches on data, a loss that needs lengths on the host),
// UserError says so. UserError also for an operation that the graph has no words for (graph_recorder.h).
ExportedGraph export_step(const StepToExport& step);

struct TrainingStepOptions {
  TrainingPhase last = TrainingPhase::update;
  UpdateRule update = adam_update();
  // In place of the workload's loss, of the logits; CTC, say, cannot be exported on the meta device.
  std::function<at::Tensor(const at::Tensor& logits)> loss;
};

// One step of a workload on a batch that lies on the workload's device. Builds the model.
ExportedGraph export_training_step(Workload& workload, const Batch& batch,
                                   const TrainingStepOptions& options = {});

// The batch's shapes on the meta device, with another number of examples where `examples` is positive:
// tensors whose first dimension is the batch's get it.
Batch meta_batch(const Batch& batch, int64_t examples = 0);

}  // namespace timetrial
