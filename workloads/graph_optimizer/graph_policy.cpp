#include "workloads/graph_optimizer/graph_policy.h"

#include <string>
#include <utility>

#include <torch/torch.h>

#include "workloads/computation_graph/opcode.h"
#include "workloads/graph_optimizer/graph_edges.h"
#include "workloads/graph_optimizer/node_inputs.h"
#include "workloads/graph_optimizer/policy_batch.h"
#include "workloads/graph_optimizer/start_inputs.h"
#include "workloads/layers/initial_values.h"
#include "workloads/layers/segments.h"

namespace timetrial {
namespace {

constexpr double kOpcodeDeviation = 0.5;
constexpr double kPolicyNormEpsilon = 1e-5;
constexpr double kScoreScale = 2;
constexpr int64_t kDeviceKnowledge = static_cast<int64_t>(kDeviceInputs) + 3;
constexpr int64_t kAllNodeInputs = static_cast<int64_t>(kNodeInputs + kTimeInputs);

// Mean of the rows of each segment, [segments, width].
at::Tensor segment_mean(const at::Tensor& rows, const Segments& segments) {
  const at::Tensor counts = segments.offsets.diff().clamp_min(1).unsqueeze(1).to(rows.scalar_type());
  return segment_sum(rows, segments) / counts;
}

// What is known of each node and device: of the plan to start from, and what the pass before decided for the
// node itself, its operands and its consumers. [N, devices, kDeviceKnowledge]
at::Tensor device_knowledge(const Batch& batch, const at::Tensor& odds) {
  const GraphEdges edges = graph_edges(batch);
  const at::Tensor of_operands = segment_mean(gather_rows(odds, edges.operands), edges.by_consumer);
  const at::Tensor of_consumers = segment_mean(gather_rows(odds, edges.consumers), edges.by_operand);
  return at::cat(
      {batch.at("device_inputs").to(odds.scalar_type()), at::stack({odds, of_operands, of_consumers}, 2)}, 2);
}

}  // namespace

at::Tensor task_log_probabilities(const at::Tensor& logits, const TaskColumns& task,
                                  const at::Tensor& devices) {
  at::Tensor own = logits.narrow(1, task.first, task.count);
  if (task.task == GraphTask::placement) {
    const at::Tensor missing =
        at::arange(task.count, devices.options()).unsqueeze(0).ge(devices.unsqueeze(1));
    own = own.masked_fill(missing, kMaskedScore);
  }
  return at::log_softmax(own, 1);
}

at::Tensor start_logits(const TaskColumns& task, const Batch& batch, const at::Tensor& nodes,
                        const at::TensorOptions& options) {
  const at::Tensor columns = batch.at("start_" + task.name).to(options.device()).index_select(0, nodes);
  return at::zeros({nodes.size(0), task.count}, options).scatter(1, columns.unsqueeze(1), kHeadStart);
}

GraphPolicy::GraphPolicy(const PolicyConfig& config, std::vector<TaskColumns> tasks,
                         const at::TensorOptions& options, const at::Generator& generator)
    : config_(config), tasks_(std::move(tasks)) {
  opcode_embedding_ = register_parameter("opcode_embedding_weight",
                                         torch::empty({kHighestOpcode + 1, config.embedding}, options));
  fill_normal(opcode_embedding_.detach(), kOpcodeDeviation, generator);
  const auto linear = [&](torch::nn::Module& parent, const std::string& name, int64_t inputs, int64_t outputs,
                          Bias bias = Bias::yes) {
    auto layer = parent.register_module(name, std::make_shared<LinearLayer>(inputs, outputs, options, bias));
    bias == Bias::yes ? layer->init_xavier(generator) : fill_xavier_uniform(layer->weight(), generator);
    return layer;
  };
  const int64_t width = config.hidden;
  input_ = linear(*this, "input", config.embedding + kAllNodeInputs, width);
  for (int64_t i = 0; i < config.sage_layers; ++i)
    sage_.push_back(register_module("sage_" + std::to_string(i),
                                    std::make_shared<GraphSageLayer>(width, options, generator)));
  auto heads = register_module("heads", std::make_shared<torch::nn::Module>());
  for (const TaskColumns& task : tasks_) {
    layers_.push_back(register_module(
        task.name,
        std::make_shared<SegmentRecurrence>(width, config.heads, config.segment_nodes, options, generator)));
    norms_.push_back(register_module(task.name + "_norm",
                                     std::make_shared<LayerNormLayer>(width, kPolicyNormEpsilon, options)));
    if (task.task == GraphTask::placement) {
      decisions_.push_back(linear(*this, "placement_seen", kDeviceKnowledge, width, Bias::no));
      of_node_ = linear(*heads, "node", width, width);
      of_device_ = linear(*heads, "device", kDeviceKnowledge, width, Bias::no);
      device_score_ = linear(*heads, "score", width, 1, Bias::no);
      heads_.push_back(nullptr);
    } else {
      decisions_.push_back(linear(*this, task.name + "_seen", task.count, width, Bias::no));
      heads_.push_back(linear(*heads, task.name, width, task.count));
    }
  }
}

at::Tensor GraphPolicy::embed(const Batch& batch) const {
  const at::Tensor operations = opcode_embedding_.index_select(0, batch.at("opcodes"));
  at::Tensor nodes =
      at::relu(input_->forward(at::cat({operations, batch.at("inputs").to(operations.scalar_type())}, 1)));
  for (const auto& layer : sage_) nodes = layer->forward(nodes, batch);
  return nodes;
}

at::Tensor GraphPolicy::placement_logits(const at::Tensor& values, const at::Tensor& known) const {
  const at::Tensor both = of_node_->forward(values).unsqueeze(1) + of_device_->forward(known);
  return device_score_->forward(at::relu(both)).squeeze(2) * kScoreScale;
}

at::Tensor GraphPolicy::forward(const Batch& batch) const {
  const Segments by_graph{batch.at("node_graph"), {}, batch.at("node_offsets")};
  const Segments by_unit{batch.at("unit"), batch.at("unit_order"), batch.at("unit_offsets")};
  const at::Tensor nodes = embed(batch);
  const at::Tensor graphs = segment_mean(nodes, by_graph);
  const at::Tensor devices = batch.at("devices").index_select(0, batch.at("node_graph"));
  const at::Tensor every_node = at::arange(nodes.size(0), devices.options());
  std::vector<at::Tensor> starts;
  for (const TaskColumns& task : tasks_)
    starts.push_back(start_logits(task, batch, every_node, opcode_embedding_.detach().options()));
  std::vector<at::Tensor> decided = starts;
  const auto odds_of = [&](size_t i) {
    const TaskColumns alone{tasks_[i].task, tasks_[i].name, 0, tasks_[i].count};
    return task_log_probabilities(decided[i], alone, devices).exp();
  };
  const auto known_of = [&](size_t i) {
    return tasks_[i].task == GraphTask::placement ? device_knowledge(batch, odds_of(i)) : at::Tensor();
  };
  // Of a placement what is known of the device that is likely.
  const auto seen = [&](size_t i, const at::Tensor& known) {
    const at::Tensor odds = odds_of(i);
    return decisions_[i]->forward(known.defined() ? (known * odds.unsqueeze(2)).sum(1) : odds);
  };
  for (int64_t pass = 0; pass < config_.passes; ++pass) {
    at::Tensor values = nodes;
    std::vector<at::Tensor> known;  // from the pass before
    for (size_t i = 0; i < tasks_.size(); ++i) {
      known.push_back(known_of(i));
      values = values + seen(i, known[i]);
    }
    for (size_t i = 0; i < tasks_.size(); ++i) {
      values = layers_[i]->forward(values, graphs, batch);
      const at::Tensor normed = norms_[i]->forward(values);
      if (known[i].defined()) {
        const at::Tensor scores = placement_logits(normed, known[i]);
        decided[i] = starts[i] + gather_rows(segment_mean(scores, by_unit), by_unit);
      } else {
        decided[i] = starts[i] + heads_[i]->forward(normed);
      }
      if (i + 1 < tasks_.size()) values = values + seen(i, known_of(i));
    }
  }
  return at::cat(decided, 1);
}

}  // namespace timetrial
