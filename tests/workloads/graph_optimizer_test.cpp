// The policy of graph_optimizer, what it learns from, and its training.

#include <cmath>
#include <cstring>

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "short_training.h"
#include "workloads/graph_optimizer/graph_policy.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/plan_choices.h"
#include "workloads/graph_optimizer/plan_columns.h"
#include "workloads/graph_optimizer/plan_judge.h"
#include "workloads/graph_optimizer/policy_batch.h"
#include "workloads/graph_optimizer/policy_fingerprint.h"
#include "workloads/graph_optimizer/policy_loss.h"
#include "workloads/graph_optimizer/simulator/simulator.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kSmallSegment = 16;

PolicyConfig small_policy(int64_t segment_nodes = kSmallSegment) {
  return {
      .embedding = 4, .hidden = 8, .sage_layers = 2, .heads = 2, .segment_nodes = segment_nodes, .passes = 2};
}

GraphPolicy policy_in_double(const PolicyConfig& config, const std::string& variant = kAllTasks) {
  return {config, decision_columns(decided_tasks(variant)), at::TensorOptions().dtype(at::kDouble),
          seeded_generator(at::kCPU, 3)};
}

std::shared_ptr<const PlannedGraph> planned(uint32_t seed, uint32_t nodes, uint32_t devices) {
  return std::make_shared<const PlannedGraph>(made_up_graph(seed, nodes, devices), 1'000'000'000, kAllTasks);
}

Batch batch_of(const std::vector<std::shared_ptr<const PlannedGraph>>& graphs, int64_t segment_nodes) {
  std::vector<ChosenGraph> chosen;
  for (size_t i = 0; i < graphs.size(); ++i)
    chosen.push_back({graphs[i].get(), static_cast<int64_t>(i), 7 + i});
  return policy_batch(chosen, segment_nodes);
}

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

TEST(GraphPolicy, NeverChoosesADeviceThatThereIsNot) {
  const auto graph = planned(11, 41, 3);
  const Batch batch = batch_of({graph}, kSmallSegment);
  const auto tasks = decision_columns(decided_tasks(""));
  const at::Tensor logits = torch::rand({41, kPolicyDevices}, at::kDouble);
  const auto rows = row_log_probabilities(batch, logits, tasks);
  EXPECT_LT(drawn_deviations(batch, tasks, rows, 200).choices[0].max().item<int64_t>(), 3);
  EXPECT_NEAR(rows[0].exp().sum().item<double>(), static_cast<double>(rows[0].size(0)), 1e-9);
}

TEST(DrawnDeviations, ChangeOneRowOrTwoOfOneTask) {
  const auto graph = planned(11, 41, 3);
  Batch batch = batch_of({graph}, kSmallSegment);
  const auto tasks = decision_columns(decided_tasks(kAllTasks));
  int64_t columns = 0;
  for (const TaskColumns& task : tasks) columns += task.count;
  const auto rows = row_log_probabilities(batch, 2 * torch::rand({41, columns}, at::kDouble), tasks);
  constexpr int64_t kPlans = 6000;
  const PlanDeviations drawn = drawn_deviations(batch, tasks, rows, kPlans);
  const PlanChoices greedy = greedy_choices(rows);
  at::Tensor changed_tasks = at::zeros({kPlans}, at::kLong), changed_rows = at::zeros({kPlans}, at::kLong);
  for (size_t i = 0; i < tasks.size(); ++i) {
    const at::Tensor changed = drawn.choices[i].ne(greedy[i]);
    EXPECT_TRUE(at::equal(changed, drawn.weights[i].gt(0))) << "what is changed counts, and nothing else";
    changed_tasks += changed.any(1).to(at::kLong);
    changed_rows += changed.sum(1);
    EXPECT_NEAR(changed.any(1).to(at::kDouble).mean().item<double>(), 1.0 / 3, 0.03);
    EXPECT_GT(changed.sum(0).min().item<int64_t>(), 0) << "every row is changed at times";
    // Each other column about as often, whatever the policy thinks of it.
    const at::Tensor taken =
        at::one_hot(drawn.choices[i], tasks[i].count).masked_select(changed.unsqueeze(2));
    const at::Tensor shares = taken.view({-1, tasks[i].count}).to(at::kDouble).mean(0);
    for (int64_t column = 0; column < tasks[i].count; ++column) {
      if (tasks[i].task == GraphTask::placement && column == 3)
        EXPECT_EQ(shares[column].item<double>(), 0) << "there is no such device";
      else
        EXPECT_GT(shares[column].item<double>(), 0.1) << tasks[i].name << " " << column;
    }
  }
  EXPECT_EQ(changed_tasks.min().item<int64_t>(), 1);
  EXPECT_EQ(changed_tasks.max().item<int64_t>(), 1);
  EXPECT_EQ(changed_rows.min().item<int64_t>(), 1);
  EXPECT_EQ(changed_rows.max().item<int64_t>(), 2);
}

TEST(DrawnDeviations, WeighWhatTheyTookByItsProbability) {
  const auto graph = planned(11, 41, 3);
  const Batch batch = batch_of({graph}, kSmallSegment);
  const auto tasks = decision_columns(decided_tasks("schedule"));
  const auto rows = row_log_probabilities(batch, torch::rand({41, tasks[0].count}, at::kDouble), tasks);
  const PlanDeviations drawn = drawn_deviations(batch, tasks, rows, 100);
  for (int64_t plan = 0; plan < 100; ++plan) {
    const at::Tensor changed = drawn.weights[0][plan].nonzero().flatten();
    for (int64_t i = 0; i < changed.size(0); ++i) {
      const auto row = changed[i].item<int64_t>();
      const auto column = drawn.choices[0][plan][row].item<int64_t>();
      EXPECT_NEAR(drawn.weights[0][plan][row].item<double>(),
                  rows[0][row][column].exp().item<double>() * 2 / static_cast<double>(changed.size(0)),
                  1e-12);
    }
  }
}

TEST(DrawnDeviations, FollowTheSeedsAlone) {
  const auto graph = planned(11, 41, 2);
  Batch batch = batch_of({graph}, kSmallSegment);
  const auto tasks = decision_columns(decided_tasks(kAllTasks));
  const auto rows = row_log_probabilities(batch, torch::rand({41, 4 + 4 + 3}, at::kDouble), tasks);
  const PlanDeviations drawn = drawn_deviations(batch, tasks, rows, 50);
  EXPECT_TRUE(at::equal(drawn_deviations(batch, tasks, rows, 50).choices[1], drawn.choices[1]));
  batch.tensors["seeds"] = batch.at("seeds") + 1;
  EXPECT_FALSE(at::equal(drawn_deviations(batch, tasks, rows, 50).choices[1], drawn.choices[1]));
}

TEST(PlanColumns, HoldThePlanToStartFrom) {
  for (const char* variant : {"", "schedule", "fusion", kAllTasks}) {
    const PlannedGraph graph(made_up_graph(11, 41, 3), 1, variant);
    Plan plan = graph.start;
    for (const TaskColumns& task : decision_columns(decided_tasks(variant)))
      take_columns(graph, task.task, start_columns(graph, task.task), plan);
    Simulator simulator(graph.flow, graph.graph.machine);
    EXPECT_EQ(simulator.run(plan), simulator.run(graph.start)) << variant;
  }
}

TEST(PlanColumns, ClassesComeBeforeTheOrderOfThePlanToStartFrom) {
  const PlannedGraph graph(made_up_graph(11, 41, 3), 1, kAllTasks);
  const auto ops = graph.flow.ops();
  std::vector<int64_t> columns = start_columns(graph, GraphTask::schedule);
  columns.front() = 2;
  columns.back() = 0;
  Plan plan = graph.start;
  take_columns(graph, GraphTask::schedule, columns, plan);
  for (const NodeId op : ops) {
    EXPECT_LE(plan.schedule_level[op], plan.schedule_level[ops.front()]);
    EXPECT_GE(plan.schedule_level[op], plan.schedule_level[ops.back()]);
  }
}

TEST(PolicyLoss, HasTheGradientOfItsFormulaWithPlansGiven) {
  constexpr int64_t kWhole = 80;  // one segment a graph: what is taken without gradient plays no part
  const GraphPolicy policy = policy_in_double(small_policy(kWhole));
  const auto tasks = decision_columns(decided_tasks(kAllTasks));
  const Batch batch = policy_fingerprint_case(kWhole).batch;
  PlanExperience experience;
  for (const TaskColumns& task : tasks) {
    experience.drawn.choices.push_back(batch.at("chosen_" + task.name));
    experience.drawn.weights.push_back(batch.at("weight_" + task.name).to(at::kDouble));
  }
  experience.advantages = batch.at("advantages").to(at::kDouble);
  // The policy has moved since: some ratios are clipped.
  const at::Tensor old = policy.forward(batch).detach();
  experience.log_probabilities = chosen_log_probabilities(
      row_log_probabilities(batch, old + 0.5 * torch::rand_like(old), tasks), experience.drawn.choices);
  const auto loss = [&] { return policy_losses(batch, policy.forward(batch), tasks, experience).sum(); };
  loss().backward();
  constexpr double kStep = 1e-6;
  for (const auto& item : policy.named_parameters()) {
    const at::NoGradGuard no_grad;
    const at::Tensor flat = item.value().detach().flatten();
    // The embedding's first rows belong to operations that are not there.
    const int64_t place = item.key() == "opcode_embedding_weight" ? 2 * 4 : flat.numel() / 2;
    at::Tensor weight = item.value().detach().view({-1});
    const double value = weight[place].item<double>();
    weight[place] = value + kStep;
    const double above = loss().item<double>();
    weight[place] = value - kStep;
    const double below = loss().item<double>();
    weight[place] = value;
    EXPECT_NEAR(item.value().grad().flatten()[place].item<double>(), (above - below) / (2 * kStep), 1e-6)
        << item.key();
  }
}

TEST(PolicyLoss, ClipsEveryNodeByItself) {
  const auto graph = planned(11, 41, 2);
  const Batch batch = batch_of({graph}, kSmallSegment);
  const auto tasks = decision_columns(decided_tasks("fusion"));
  const at::Tensor logits = at::zeros({41, tasks[0].count}, at::kDouble).requires_grad_();
  const auto rows = row_log_probabilities(batch, logits, tasks);
  const int64_t ops = rows[0].size(0);
  PlanExperience experience;
  experience.drawn.choices = {at::zeros({1, ops}, at::kLong)};
  experience.drawn.weights = {at::ones({1, ops}, at::kDouble)};
  experience.advantages = at::ones({1, 1}, at::kDouble);
  // The first op's choice has become twice as likely, the others' as likely as before.
  at::Tensor before = chosen_log_probabilities(rows, experience.drawn.choices)[0].detach().clone();
  before[0][0] -= std::log(2.0);
  experience.log_probabilities = {before};
  PolicyLossOptions options;
  options.attachment = 0;
  const at::Tensor loss = policy_losses(batch, logits, tasks, experience, options);
  const auto count = static_cast<double>(ops);
  EXPECT_NEAR(loss.item<double>(), -(1.2 + count - 1), 1e-12);
  loss.sum().backward();
  const auto op = graph->flow.ops();
  EXPECT_EQ(logits.grad()[op[0]].abs().sum().item<double>(), 0);
  EXPECT_GT(logits.grad()[op[1]].abs().sum().item<double>(), 0);
}

TEST(PolicyLoss, StaysFiniteWhereRatiosWouldOverflow) {
  const auto graph = planned(11, 41, 2);
  const Batch batch = batch_of({graph}, kSmallSegment);
  const auto tasks = decision_columns(decided_tasks("fusion"));
  const at::Tensor logits = at::zeros({41, tasks[0].count}).requires_grad_();
  const int64_t ops = batch.at("ops").size(0);
  PlanExperience experience;
  experience.drawn.choices = {at::zeros({1, ops}, at::kLong)};
  experience.drawn.weights = {at::ones({1, ops}, at::kDouble)};
  experience.advantages = -at::ones({1, 1});
  experience.log_probabilities = {at::full({1, ops}, -1e4)};
  EXPECT_TRUE(std::isfinite(policy_losses(batch, logits, tasks, experience).item<double>()));
}

TEST(PolicyLoss, WithoutAdvantagesIsTheDistanceFromThePlanToStartFrom) {
  const auto graph = planned(11, 41, 3);
  const Batch batch = batch_of({graph}, kSmallSegment);
  const auto tasks = decision_columns(decided_tasks(""));
  at::Tensor logits = start_logits(tasks[0], batch, at::arange(41), at::kDouble);
  PlanExperience experience;
  experience.drawn = drawn_deviations(batch, tasks, row_log_probabilities(batch, logits, tasks), 4);
  experience.log_probabilities =
      chosen_log_probabilities(row_log_probabilities(batch, logits, tasks), experience.drawn.choices);
  experience.advantages = at::zeros({4, 1}, at::kDouble);
  EXPECT_NEAR(policy_losses(batch, logits, tasks, experience).item<double>(), 0, 1e-12);
  logits = at::zeros_like(logits);
  const double start = std::exp(kHeadStart), likely = start / (start + 2), other = 1 / (start + 2);
  const double divergence = (std::log(1.0 / 3 / likely) + 2 * std::log(1.0 / 3 / other)) / 3;
  EXPECT_NEAR(policy_losses(batch, logits, tasks, experience).item<double>(),
              PolicyLossOptions().attachment * divergence, 1e-12);
}

TEST(PlanAdvantages, AreAgainstTheGreedyPlanAndBounded) {
  const at::Tensor rewards = torch::tensor({{-1.0, -0.99}, {-5.0, -1.0}}, at::kDouble);
  const at::Tensor advantages = plan_advantages(rewards, torch::tensor({{-1.0, -1.0}}, at::kDouble));
  EXPECT_EQ(advantages[0][0].item<double>(), 0);
  EXPECT_NEAR(advantages[0][1].item<double>(), std::tanh(1.0), 1e-9);
  EXPECT_NEAR(advantages[1][0].item<double>(), -1, 1e-9);
  EXPECT_EQ(advantages[1][1].item<double>(), 0);
}

// The mini tier in a folder of its own.
class GraphOptimizer : public testing::Test {
 protected:
  GraphOptimizer() {
    make_preparation("graph_optimizer")
        ->make_mini(folder_.path() / "graph_optimizer/mini", folder_.path(), [](auto&&...) {});
  }

  WorkloadOptions options(const std::string& variant = "") const {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.variant = variant;
    options.data_directory = folder_.path();
    options.evaluation_batch_size = 1;
    return options;
  }

  TemporaryFolder folder_;
};

TEST_F(GraphOptimizer, TrainsTheSameWhateverTheLoaderAndAfterAnInterruption) {
  const auto reference = short_training("graph_optimizer", options(), 1, -1);
  const auto resumed = short_training("graph_optimizer", options(), 3, 5);
  expect_same_training(*reference, *resumed);
}

TEST_F(GraphOptimizer, IsEvaluatedAndDrawsAlikeOnAnyNumberOfThreads) {
  const auto workload = make_workload("graph_optimizer", options());
  workload->build_model(3, at::kDouble);
  const Batch batch = workload->training_data(2, 1)->next_task()();
  const at::Tensor logits = workload->forward(batch, {}).detach();
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor one = workload->loss(batch, logits, {}).per_example;
  const Metrics metrics = workload->evaluate(Split::test);
  at::set_num_threads(4);
  workload->build_model(3, at::kDouble);  // forgets what was drawn
  const at::Tensor four = workload->loss(batch, logits, {}).per_example;
  EXPECT_EQ(workload->evaluate(Split::test), metrics);
  at::set_num_threads(threads);
  EXPECT_TRUE(at::equal(one, four));
}

TEST_F(GraphOptimizer, DrawsTheSamePlansForTheSecondLossOfAStep) {
  const auto workload = make_workload("graph_optimizer", options());
  workload->build_model(3);
  const auto source = workload->training_data(2, 1);
  const Batch batch = source->next_task()();
  const at::Tensor logits = workload->forward(batch, {}).detach();
  const at::Tensor first = workload->loss(batch, logits, {}).per_example;
  EXPECT_TRUE(at::equal(workload->loss(batch, logits, {}).per_example, first));
  // Elsewhere the same plans count, by ratios.
  const at::Tensor moved = logits + 0.1 * torch::rand_like(logits);
  const at::Tensor second = workload->loss(batch, moved, {}).per_example;
  EXPECT_FALSE(at::equal(second, first));
  const Batch next = source->next_task()();
  workload->loss(next, workload->forward(next, {}).detach(), {});
  EXPECT_TRUE(at::equal(workload->loss(batch, logits, {}).per_example, first)) << "drawn again, by the seed";
}

TEST_F(GraphOptimizer, VariantsDecideATaskEach) {
  for (const char* variant : {"schedule", "fusion", "all"}) {
    const auto workload = make_workload("graph_optimizer", options(variant));
    workload->build_model(3);
    const Batch batch = workload->training_data(2, 1)->next_task()();
    workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
    for (const Parameter& parameter : workload->parameters())
      EXPECT_TRUE(parameter.tensor.grad().defined()) << variant << " " << parameter.name;
    EXPECT_GT(workload->evaluate(Split::test).at("time_over_best_heuristic"), 0.5) << variant;
  }
  EXPECT_THAT(user_error_of([&] { make_workload("graph_optimizer", options("memory")); }),
              HasSubstr("memory"));
}

TEST(GraphPolicy, LearnsToPlaceAGraphBetterThanThePlanItStartsFrom) {
  const auto graph = std::make_shared<const PlannedGraph>(made_up_graph(21, 24, 2), 1'000'000'000, "");
  const auto tasks = decision_columns(decided_tasks(""));
  GraphPolicy policy({.embedding = 4, .hidden = 16, .sage_layers = 1, .heads = 2, .segment_nodes = 32}, tasks,
                     at::kFloat, seeded_generator(at::kCPU, 1));
  torch::optim::Adam optimizer(policy.parameters(), torch::optim::AdamOptions(1e-2));
  PlanJudge judge;
  Batch batch = batch_of({graph}, 32);
  const auto greedy_cost = [&] {
    const at::NoGradGuard no_grad;
    const PlanChoices greedy = greedy_choices(row_log_probabilities(batch, policy.forward(batch), tasks));
    const Plan plan = chosen_plan(*graph, batch, tasks, greedy, 0, 0);
    return judge.judge(*graph, {&plan, 1}).front().cost;
  };
  for (int step = 0; step < 150; ++step) {
    batch.tensors["seeds"] = at::full({1}, step, at::kLong);
    const at::Tensor logits = policy.forward(batch);
    const auto rows = row_log_probabilities(batch, logits.detach(), tasks);
    PlanExperience experience;
    experience.drawn = drawn_deviations(batch, tasks, rows, 16);
    experience.log_probabilities = chosen_log_probabilities(rows, experience.drawn.choices);
    experience.advantages =
        plan_advantages(judge.rewards({graph.get()}, batch, tasks, experience.drawn.choices),
                        judge.rewards({graph.get()}, batch, tasks, greedy_choices(rows)));
    optimizer.zero_grad();
    policy_losses(batch, logits, tasks, experience).sum().backward();
    optimizer.step();
  }
  const double start = judge.judge(*graph, {&graph->start, 1}).front().cost;
  EXPECT_LT(greedy_cost(), 0.95 * start);
}

}  // namespace
}  // namespace timetrial
