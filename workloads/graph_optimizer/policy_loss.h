#pragma once

// The clipped surrogate of PPO (Schulman et al. 2017), decision by decision. The joint probability of a plan
// is a product over a thousand nodes: its ratio would overflow or be clipped at once, so every decision has a
// ratio and a clip of its own.

#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/batch.h"
#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/graph_optimizer/plan_choices.h"

namespace timetrial {

struct PolicyLossOptions {
  double clip = 0.2;
  // Weight of a decision's divergence from the plan to start from. With it the best a policy can do about a
  // decision that changes the advantage by A is a logit of A / attachment more: what makes no difference
  // stays as it was, and what a step got wrong can be unlearned, since no probability goes to 0.
  double attachment = 1;
  double most_log_ratio = 10;  // ratios beyond e to this are cut off before they can overflow
};

// What is drawn and found out once a step.
struct PlanExperience {
  PlanDeviations drawn;
  at::Tensor advantages;                      // [plans, G]
  std::vector<at::Tensor> log_probabilities;  // a task: [plans, rows] of the choices when they were drawn
};

// log probabilities of the choices, a task: [plans, rows]; of row_log_probabilities().
std::vector<at::Tensor> chosen_log_probabilities(const std::vector<at::Tensor>& log_probabilities,
                                                 const PlanChoices& choices);

// [G]: minus the sum over tasks of
//   mean over plans of the sum over rows of  w min(r A, clip(r, 1 - c, 1 + c) A),   r = p / p when drawn,
//   less attachment times the mean over rows of KL(p || p of the plan to start from, kHeadStart).
at::Tensor policy_losses(const Batch& batch, const at::Tensor& logits, const std::vector<TaskColumns>& tasks,
                         const PlanExperience& experience, const PolicyLossOptions& options = {});

// tanh of rewards [plans, G] less those of the greedy plans [1, G], in units of kRewardScale: a plan that
// does not fit counts no more than one that is a few percent slower.
inline constexpr double kRewardScale = 0.01;
at::Tensor plan_advantages(const at::Tensor& rewards, const at::Tensor& greedy_rewards);

}  // namespace timetrial
