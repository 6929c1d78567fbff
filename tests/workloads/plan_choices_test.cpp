// What is drawn and taken from the logits of graph_optimizer.

#include "workloads/graph_optimizer/plan_choices.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "made_up_policy.h"
#include "workloads/graph_optimizer/plan_columns.h"
#include "workloads/graph_optimizer/policy_loss.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

TEST(DrawnDeviations, NeverPutANodeOnADeviceThatThereIsNot) {
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

// A row is drawn as often as if its task were the only one where it counts as many times as there are tasks.
TEST(DrawnDeviations, WeighWhatTheyTookByItsProbability) {
  constexpr int64_t kDevices = 3, kPlans = 100;
  const auto graph = planned(11, 41, kDevices);
  const Batch batch = batch_of({graph}, kSmallSegment);
  for (const char* variant : {"schedule", kAllTasks}) {
    const auto tasks = decision_columns(decided_tasks(variant));
    const auto rows = row_log_probabilities(
        batch, torch::rand({41, tasks.back().first + tasks.back().count}, at::kDouble), tasks);
    const PlanDeviations drawn = drawn_deviations(batch, tasks, rows, kPlans);
    const std::vector<at::Tensor> taken = chosen_log_probabilities(rows, drawn.choices);
    for (size_t i = 0; i < tasks.size(); ++i) {
      const int64_t others = (tasks[i].task == GraphTask::placement ? kDevices : tasks[i].count) - 1;
      const at::Tensor changed = drawn.choices[i].ne(greedy_choices(rows)[i]);
      ASSERT_TRUE(changed.any().item<bool>());
      const at::Tensor shared = changed / changed.sum(1, true).clamp_min(1);
      const at::Tensor expected = taken[i].exp() * shared * (others * std::ssize(tasks));
      EXPECT_TRUE(at::allclose(drawn.weights[i], expected, 0, 1e-12)) << variant << ' ' << tasks[i].name;
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

}  // namespace
}  // namespace timetrial
