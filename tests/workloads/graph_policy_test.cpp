// The policy of graph_optimizer.

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "made_up_policy.h"
#include "workloads/graph_optimizer/plan_choices.h"
#include "workloads/graph_optimizer/plan_columns.h"

namespace timetrial {
namespace {

// The layers as they are written down: node by node, one graph, segments by loops.
class PlainPolicy {
 public:
  PlainPolicy(const GraphPolicy& policy, const PlannedGraph& graph, const PolicyConfig& config)
      : weights_(policy.named_parameters()), graph_(graph), config_(config) {}

  at::Tensor logits() {
    const auto tasks = decision_columns(decided_tasks(kAllTasks));
    const int64_t nodes = static_cast<int64_t>(graph_.flow.size());
    const at::Tensor embedded = embed();
    const at::Tensor mean = embedded.mean(0, true);
    std::vector<at::Tensor> decided;
    for (const TaskColumns& task : tasks) decided.push_back(at::zeros({nodes, task.count}, at::kDouble));
    for (size_t i = 0; i < tasks.size(); ++i) add_start(tasks[i], decided[i]);
    for (int64_t pass = 0; pass < config_.passes; ++pass) {
      at::Tensor values = embedded;
      for (size_t i = 0; i < tasks.size(); ++i) values = values + seen(tasks[i], decided[i]);
      for (size_t i = 0; i < tasks.size(); ++i) {
        values = recurrent(tasks[i].name, values, mean);
        const at::Tensor normed = norm(tasks[i].name + "_norm", values);
        if (tasks[i].task == GraphTask::placement)
          decided[i] = mean_of_units(scores(normed, known(decided[i])));
        else
          decided[i] = linear("heads." + tasks[i].name, normed);
        add_start(tasks[i], decided[i]);
        if (i + 1 < tasks.size()) values = values + seen(tasks[i], decided[i]);
      }
    }
    return at::cat(decided, 1);
  }

 private:
  at::Tensor linear(const std::string& name, const at::Tensor& rows) {
    return at::linear(rows, weights_[name + ".weight"], weights_[name + ".bias"]);
  }
  at::Tensor norm(const std::string& name, const at::Tensor& rows) {
    return at::layer_norm(rows, {rows.size(-1)}, weights_[name + ".weight"], weights_[name + ".bias"], 1e-5);
  }

  at::Tensor odds_of(const at::Tensor& logits) {
    const auto devices = static_cast<int64_t>(graph_.graph.machine.devices);
    const at::Tensor none = at::zeros({logits.size(0), kPolicyDevices - devices}, at::kDouble);
    return at::cat({at::softmax(logits.narrow(1, 0, devices), 1), none}, 1);
  }

  // What is known of every node and device.
  at::Tensor known(const at::Tensor& logits) {
    const at::Tensor odds = odds_of(logits);
    const auto mean_over = [&](const std::vector<NodeId>& nodes, int64_t device) {
      double sum = 0;
      for (const NodeId id : nodes) sum += odds[id][device].item<double>();
      return nodes.empty() ? 0 : sum / static_cast<double>(nodes.size());
    };
    std::vector<std::vector<NodeId>> consumers(graph_.flow.size());
    for (NodeId id = 0; id < graph_.flow.size(); ++id)
      for (const NodeId operand : graph_.graph.graph.nodes[id].operands) consumers[operand].push_back(id);
    at::Tensor rows = at::zeros(
        {static_cast<int64_t>(graph_.flow.size()), kPolicyDevices, static_cast<int64_t>(kDeviceInputs) + 3},
        at::kDouble);
    for (NodeId id = 0; id < graph_.flow.size(); ++id) {
      for (int64_t device = 0; device < kPolicyDevices; ++device) {
        const auto& inputs = graph_.start_inputs.devices[id][static_cast<size_t>(device)];
        std::vector<double> row(inputs.begin(), inputs.end());
        row.push_back(odds[id][device].item<double>());
        row.push_back(mean_over(graph_.graph.graph.nodes[id].operands, device));
        row.push_back(mean_over(consumers[id], device));
        rows[id][device].copy_(at::tensor(row, at::kDouble));
      }
    }
    return rows;
  }

  at::Tensor scores(const at::Tensor& nodes, const at::Tensor& rows) {
    const at::Tensor of_node = linear("heads.node", nodes);
    std::vector<at::Tensor> columns;
    for (int64_t device = 0; device < kPolicyDevices; ++device) {
      const at::Tensor both = of_node + at::linear(rows.select(1, device), weights_["heads.device.weight"]);
      columns.push_back(2 * at::linear(at::relu(both), weights_["heads.score.weight"]));
    }
    return at::cat(columns, 1);
  }

  at::Tensor seen(const TaskColumns& task, const at::Tensor& logits) {
    const at::Tensor weight = weights_[task.name + "_seen.weight"];
    if (task.task != GraphTask::placement) return at::linear(at::softmax(logits, 1), weight);
    const at::Tensor odds = odds_of(logits), rows = known(logits);
    at::Tensor likely = at::zeros({rows.size(0), rows.size(2)}, at::kDouble);
    for (int64_t device = 0; device < kPolicyDevices; ++device)
      likely += odds.narrow(1, device, 1) * rows.select(1, device);
    return at::linear(likely, weight);
  }

  at::Tensor embed() {
    std::vector<at::Tensor> rows;
    for (size_t id = 0; id < graph_.inputs.size(); ++id) {
      const auto opcode = static_cast<int64_t>(graph_.graph.opcodes[id]);
      std::vector<double> inputs(graph_.inputs[id].begin(), graph_.inputs[id].end());
      const TimeInputs& times = graph_.start_inputs.times[id];
      inputs.insert(inputs.end(), times.begin(), times.end());
      rows.push_back(at::cat({weights_["opcode_embedding_weight"][opcode], at::tensor(inputs, at::kDouble)}));
    }
    at::Tensor nodes = at::relu(linear("input", at::stack(rows)));
    for (const char* layer : {"sage_0", "sage_1"}) nodes = sage(layer, nodes);
    return nodes;
  }

  at::Tensor sage(const std::string& name, const at::Tensor& nodes) {
    const at::Tensor down = at::relu(linear(name + ".operands", nodes));
    const at::Tensor up = at::relu(linear(name + ".consumers", nodes));
    at::Tensor from_operands = at::zeros_like(nodes), from_consumers = at::zeros_like(nodes);
    for (size_t id = 0; id < graph_.flow.size(); ++id) {
      for (const NodeId operand : graph_.graph.graph.nodes[id].operands) {
        const auto consumer = static_cast<int64_t>(id);
        from_operands[consumer].copy_(at::maximum(from_operands[consumer], down[operand]));
        from_consumers[operand].copy_(at::maximum(from_consumers[operand], up[consumer]));
      }
    }
    return at::relu(linear(name + ".join", at::cat({nodes, from_operands, from_consumers}, 1)));
  }

  at::Tensor recurrent(const std::string& name, const at::Tensor& nodes, const at::Tensor& mean) {
    const at::Tensor gated = norm(name + ".input_norm", nodes * at::sigmoid(linear(name + ".gate", mean)));
    const at::Tensor queries = linear(name + ".attention.q_proj", gated);
    const auto both = linear(name + ".attention.kv_proj", gated).chunk(2, 1);
    const int64_t width = nodes.size(1) / config_.heads;
    at::Tensor mixed = at::zeros_like(nodes);
    for (int64_t node = 0; node < nodes.size(0); ++node) {
      const int64_t segment = node / config_.segment_nodes;
      const int64_t first = std::max<int64_t>(0, (segment - 1) * config_.segment_nodes);
      const int64_t last = std::min(nodes.size(0), (segment + 1) * config_.segment_nodes);
      for (int64_t head = 0; head < config_.heads; ++head) {
        const auto part = [&](const at::Tensor& rows) {
          return rows.narrow(0, first, last - first).narrow(1, head * width, width);
        };
        const at::Tensor scores =
            part(both[0]).mv(queries[node].narrow(0, head * width, width)) / std::sqrt(double(width));
        mixed[node].narrow(0, head * width, width).copy_(at::softmax(scores, 0).matmul(part(both[1])));
      }
    }
    const at::Tensor attended = nodes + linear(name + ".attention.out_proj", mixed);
    return attended +
           linear(name + ".narrow", at::relu(linear(name + ".widen", norm(name + ".output_norm", attended))));
  }

  at::Tensor mean_of_units(const at::Tensor& rows) {
    at::Tensor result = at::zeros_like(rows);
    const PlacementUnits& units = graph_.flow.units();
    for (uint32_t unit = 0; unit < units.count(); ++unit) {
      at::Tensor sum = at::zeros({rows.size(1)}, at::kDouble);
      for (const NodeId member : units.members[unit]) sum += rows[member];
      for (const NodeId member : units.members[unit])
        result[member].copy_(sum / static_cast<double>(units.members[unit].size()));
    }
    return result;
  }

  void add_start(const TaskColumns& task, at::Tensor& logits) {
    const Plan& start = graph_.start;
    for (NodeId id = 0; id < graph_.flow.size(); ++id) {
      int64_t column = start.device[id];
      if (task.task == GraphTask::schedule) column = graph_.flow.is_op(id) ? 1 : 0;
      if (task.task == GraphTask::fusion)
        column = graph_.flow.is_op(id) && start.fusion_level[id] != kNeverFuse ? 2 : 0;
      logits[id][column] += kHeadStart;
    }
  }

  torch::OrderedDict<std::string, at::Tensor> weights_;
  const PlannedGraph& graph_;
  PolicyConfig config_;
};

TEST(GraphPolicy, ComputesWhatItsLayersSay) {
  const at::NoGradGuard no_grad;
  const auto graph = planned(11, 41, 3);
  const GraphPolicy policy = policy_in_double(small_policy());
  const at::Tensor logits = policy.forward(batch_of({graph}, kSmallSegment));
  EXPECT_TRUE(at::allclose(logits, PlainPolicy(policy, *graph, small_policy()).logits(), 1e-9, 1e-10));
}

TEST(GraphPolicy, OneSegmentIsAnyThatHoldsTheWholeGraph) {
  const at::NoGradGuard no_grad;
  const auto graph = planned(11, 41, 2);
  const at::Tensor exact = policy_in_double(small_policy(41)).forward(batch_of({graph}, 41));
  const at::Tensor longer = policy_in_double(small_policy(64)).forward(batch_of({graph}, 64));
  const at::Tensor cut = policy_in_double(small_policy(16)).forward(batch_of({graph}, 16));
  EXPECT_TRUE(at::allclose(exact, longer, 1e-12, 1e-12));
  EXPECT_FALSE(at::allclose(exact, cut, 1e-3, 1e-3));
}

TEST(GraphPolicy, KeepsGraphsApart) {
  const at::NoGradGuard no_grad;
  const auto first = planned(11, 41, 2), second = planned(12, 23, 4);
  const GraphPolicy policy = policy_in_double(small_policy());
  const at::Tensor together = policy.forward(batch_of({first, second}, kSmallSegment));
  const at::Tensor alone = policy.forward(batch_of({second}, kSmallSegment));
  EXPECT_TRUE(at::allclose(together.narrow(0, 41, 23), alone, 1e-12, 1e-12));
}

TEST(GraphPolicy, KnowsDevicesByWhatLiesThereAlone) {
  const at::NoGradGuard no_grad;
  OptimizerGraph renamed = made_up_graph(11, 41, 3);
  for (uint32_t& device : renamed.all_tasks.device) device = (device + 1) % 3;
  const auto graph = planned(11, 41, 3);
  const auto same = std::make_shared<const PlannedGraph>(renamed, 1'000'000'000, kAllTasks);
  const GraphPolicy policy = policy_in_double(small_policy());
  const at::Tensor logits = policy.forward(batch_of({graph}, kSmallSegment)).narrow(1, 0, 3);
  const at::Tensor turned = policy.forward(batch_of({same}, kSmallSegment)).narrow(1, 0, 3);
  EXPECT_TRUE(at::allclose(logits.roll(1, 1), turned, 1e-6, 1e-7));
}

}  // namespace
}  // namespace timetrial
