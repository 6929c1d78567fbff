// What the policy of graph_optimizer learns from.

#include "workloads/graph_optimizer/policy_loss.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "made_up_policy.h"
#include "workloads/graph_optimizer/plan_choices.h"
#include "workloads/graph_optimizer/plan_columns.h"
#include "workloads/graph_optimizer/plan_judge.h"

namespace timetrial {
namespace {

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

TEST(PolicyLoss, LearnsToPlaceAGraphBetterThanThePlanItStartsFrom) {
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
