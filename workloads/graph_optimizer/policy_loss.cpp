#include "workloads/graph_optimizer/policy_loss.h"

#include <ATen/ATen.h>

#include "workloads/graph_optimizer/graph_policy.h"
#include "workloads/layers/segments.h"

namespace timetrial {

std::vector<at::Tensor> chosen_log_probabilities(const std::vector<at::Tensor>& log_probabilities,
                                                 const PlanChoices& choices) {
  std::vector<at::Tensor> chosen;
  for (size_t i = 0; i < choices.size(); ++i) {
    const at::Tensor& rows = log_probabilities[i];
    const at::Tensor columns = choices[i].to(rows.device()).unsqueeze(2);
    chosen.push_back(rows.unsqueeze(0).expand({columns.size(0), -1, -1}).gather(2, columns).squeeze(2));
  }
  return chosen;
}

at::Tensor policy_losses(const Batch& batch, const at::Tensor& logits, const std::vector<TaskColumns>& tasks,
                         const PlanExperience& experience, const PolicyLossOptions& options) {
  const std::vector<at::Tensor> rows = row_log_probabilities(batch, logits, tasks);
  const std::vector<at::Tensor> chosen = chosen_log_probabilities(rows, experience.drawn.choices);
  const at::Tensor advantages = experience.advantages.to(logits.device(), logits.scalar_type());
  at::Tensor gains;
  for (size_t i = 0; i < tasks.size(); ++i) {
    const TaskRows of_task = rows_of(batch, tasks[i].task);
    const at::Tensor graph = of_task.graph.to(logits.device());
    const at::Tensor before = experience.log_probabilities[i].to(logits.device(), logits.scalar_type());
    const at::Tensor weights = experience.drawn.weights[i].to(logits.device(), logits.scalar_type());
    const at::Tensor ratio =
        (chosen[i] - before).clamp(-options.most_log_ratio, options.most_log_ratio).exp();
    const at::Tensor of_rows = advantages.index_select(1, graph);
    const at::Tensor clipped = ratio.clamp(1 - options.clip, 1 + options.clip);
    const at::Tensor surrogate = (weights * at::minimum(ratio * of_rows, clipped * of_rows)).mean(0);
    const at::Tensor start = task_log_probabilities(
        start_logits(tasks[i], batch, of_task.nodes.to(logits.device()), logits.detach().options()),
        {tasks[i].task, tasks[i].name, 0, tasks[i].count},
        batch.at("devices").to(logits.device()).index_select(0, graph));
    const at::Tensor divergence = (rows[i].exp() * (rows[i] - start)).sum(1);
    const Segments by_graph{graph, {}, of_task.offsets.to(logits.device())};
    const at::Tensor counts = by_graph.offsets.diff().clamp_min(1).to(logits.scalar_type());
    const at::Tensor sums = segment_sum(at::stack({surrogate, divergence}, 1), by_graph);
    const at::Tensor gain = sums.select(1, 0) - options.attachment * sums.select(1, 1) / counts;
    gains = gains.defined() ? gains + gain : gain;
  }
  return -gains;
}

at::Tensor plan_advantages(const at::Tensor& rewards, const at::Tensor& greedy_rewards) {
  return ((rewards - greedy_rewards) / kRewardScale).tanh();
}

}  // namespace timetrial
