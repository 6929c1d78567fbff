#pragma once

// What a policy decides in a batch: for every task a column of its logits for each of the task's rows
// (plan_columns.h).

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/batch.h"
#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/graph_optimizer/planned_graph.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// The rows of a task in a batch.
struct TaskRows {
  at::Tensor nodes;    // [rows] whose logits count
  at::Tensor graph;    // [rows]
  at::Tensor offsets;  // [G + 1] rows of each graph
};
TaskRows rows_of(const Batch& batch, GraphTask task);

// log softmax of every task's rows, [rows, columns of the task].
std::vector<at::Tensor> row_log_probabilities(const Batch& batch, const at::Tensor& logits,
                                              const std::vector<TaskColumns>& tasks);

// One a task: int64 [plans, rows].
using PlanChoices = std::vector<at::Tensor>;

// The likeliest of everything, the first among equals: one plan.
PlanChoices greedy_choices(const std::vector<at::Tensor>& log_probabilities);

// Plans that differ from the greedy one in a few rows of one task.
struct PlanDeviations {
  PlanChoices choices;
  // One a task, float64 [plans, rows]: how much a changed row counts, 0 for the others.
  std::vector<at::Tensor> weights;
};

// `plans` of each graph, from the batch's "seeds" alone; `log_probabilities` as above, on any device. Each
// plan is the greedy one but for one row of one task, or two that are neighbours in the order of the step's
// work, which take another column: every other one is equally likely, whatever the policy thinks of it. The
// weight of a changed row is the probability of what it took over that of the draw of its task and column,
// shared with the other row: the gradient is that of the expected reward of a policy that is greedy
// everywhere else. What a plan's time owes to one decision is lost in the noise of a thousand others where
// all are drawn; here the others stay, and a decision that makes no difference has an advantage of exactly 0.
PlanDeviations drawn_deviations(const Batch& batch, const std::vector<TaskColumns>& tasks,
                                const std::vector<at::Tensor>& log_probabilities, int64_t plans);

// Of plan `plan` and graph `graph` of the batch. What is not decided is as in the plan to start from.
Plan chosen_plan(const PlannedGraph& planned, const Batch& batch, const std::vector<TaskColumns>& tasks,
                 const PlanChoices& choices, int64_t plan, int64_t graph);

}  // namespace timetrial
