#pragma once

// The policy of GO (arXiv 2010.12438): GraphSAGE embeds the nodes; for every task a recurrent attention layer
// on top of that of the task before, and a softmax a node. All decisions are made at once, several times
// over: each pass sees the probabilities of the pass before. What is decided is how to change the plan to
// start from. See README.md for what of it is the paper's.

#include <cstdint>
#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/graph_optimizer/graph_sage.h"
#include "workloads/graph_optimizer/segment_recurrence.h"

namespace timetrial {

struct PolicyConfig {
  int64_t embedding = 16;  // width of an operation's
  int64_t hidden = 64;
  int64_t sage_layers = 2;
  int64_t heads = 4;
  int64_t segment_nodes = 64;
  int64_t passes = 2;
};

// What the logits of the plan to start from are above all others, before anything is learned.
inline constexpr double kHeadStart = 0.15;

// The logits of the plan to start from alone, for the given nodes: [nodes, columns of the task].
at::Tensor start_logits(const TaskColumns& task, const Batch& batch, const at::Tensor& nodes,
                        const at::TensorOptions& options);

class GraphPolicy : public torch::nn::Module {
 public:
  GraphPolicy(const PolicyConfig& config, std::vector<TaskColumns> tasks, const at::TensorOptions& options,
              const at::Generator& generator);

  // A batch as in policy_batch.h, on the model's device -> logits [N, columns of all tasks]. Those of a
  // placement are the same for all nodes of a unit, the mean over them. Devices have no weights of their own:
  // other names for the devices give the same plan under other names.
  at::Tensor forward(const Batch& batch) const;

 private:
  at::Tensor embed(const Batch& batch) const;
  // A node's score of a device, from what is known of both. [N, devices]
  at::Tensor placement_logits(const at::Tensor& values, const at::Tensor& known) const;

  PolicyConfig config_;
  std::vector<TaskColumns> tasks_;
  at::Tensor opcode_embedding_;  // [121, embedding]
  std::shared_ptr<LinearLayer> input_;
  std::vector<std::shared_ptr<GraphSageLayer>> sage_;
  // One a task.
  std::vector<std::shared_ptr<SegmentRecurrence>> layers_;
  std::vector<std::shared_ptr<LinearLayer>> decisions_;  // what was decided -> hidden
  std::vector<std::shared_ptr<LinearLayer>> heads_;      // none for placement, which has the next three
  std::vector<std::shared_ptr<LayerNormLayer>> norms_;
  std::shared_ptr<LinearLayer> of_node_, of_device_, device_score_;
};

// log softmax of a task's columns of logits [rows, columns]; devices that a row's machine does not have
// (`devices` [rows]) get kMaskedScore. [rows, task.count]
at::Tensor task_log_probabilities(const at::Tensor& logits, const TaskColumns& task,
                                  const at::Tensor& devices);

}  // namespace timetrial
