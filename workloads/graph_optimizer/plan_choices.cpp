#include "workloads/graph_optimizer/plan_choices.h"

#include <algorithm>
#include <numeric>

#include <ATen/ATen.h>

#include "harness/random/split_mix.h"
#include "workloads/graph_optimizer/graph_policy.h"
#include "workloads/graph_optimizer/plan_columns.h"

namespace timetrial {
namespace {

// Uniform in [0, 1).
double draw_of(uint64_t stream, uint64_t index) {
  return static_cast<double>(split_mix_bits(stream + (index + 1) * kSplitMixIncrement) >> 11) * 0x1p-53;
}

// Where the rows of a task stand in the step, float32 [rows]: node_inputs.h, a unit as its anchor.
at::Tensor places_of(const Batch& batch, GraphTask task) {
  const at::Tensor rows = batch.at("inputs").cpu().index_select(0, rows_of(batch, task).nodes.cpu());
  return rows.select(1, task == GraphTask::placement ? kAnchorPlaceInput : kPlaceInput).contiguous();
}

// Which columns the rows of a task may take.
int64_t columns_of(const TaskColumns& task, int64_t devices) {
  return task.task == GraphTask::placement ? devices : task.count;
}

// How one plan differs from the greedy one.
class Deviation {
 public:
  Deviation(int64_t seed, int64_t plan)
      : stream_(split_mix_bits(split_mix_bits(static_cast<uint64_t>(seed) + kSplitMixIncrement) +
                               static_cast<uint64_t>(plan) * kSplitMixIncrement)) {}

  int64_t task(int64_t tasks) const { return below(0, tasks); }
  int64_t first_row(int64_t rows) const { return below(1, rows); }
  int64_t changed_rows() const { return 1 + below(2, 2); }
  // Any but `column`.
  int64_t other_column(int64_t column, int64_t columns) const {
    const int64_t other = below(3, columns - 1);
    return other < column ? other : other + 1;
  }

 private:
  int64_t below(uint64_t index, int64_t bound) const {
    return static_cast<int64_t>(draw_of(stream_, index) * static_cast<double>(bound));
  }

  uint64_t stream_;
};

// Rows first to last - 1 by where they stand in the step.
std::vector<int64_t> rows_by_place(const at::Tensor& places, int64_t first, int64_t last) {
  std::vector<int64_t> rows(static_cast<size_t>(last - first));
  std::iota(rows.begin(), rows.end(), first);
  const float* place = places.const_data_ptr<float>();
  std::stable_sort(rows.begin(), rows.end(),
                   [place](int64_t left, int64_t right) { return place[left] < place[right]; });
  return rows;
}

}  // namespace

TaskRows rows_of(const Batch& batch, GraphTask task) {
  if (task == GraphTask::placement)
    return {batch.at("leaders"), batch.at("unit_graph"), batch.at("graph_units")};
  return {batch.at("ops"), batch.at("op_graph"), batch.at("graph_ops")};
}

std::vector<at::Tensor> row_log_probabilities(const Batch& batch, const at::Tensor& logits,
                                              const std::vector<TaskColumns>& tasks) {
  std::vector<at::Tensor> all;
  for (const TaskColumns& task : tasks) {
    const TaskRows rows = rows_of(batch, task.task);
    const at::Tensor devices =
        batch.at("devices").to(logits.device()).index_select(0, rows.graph.to(logits.device()));
    all.push_back(
        task_log_probabilities(logits.index_select(0, rows.nodes.to(logits.device())), task, devices));
  }
  return all;
}

PlanChoices greedy_choices(const std::vector<at::Tensor>& log_probabilities) {
  PlanChoices choices;
  for (const at::Tensor& rows : log_probabilities) choices.push_back(rows.cpu().argmax(1).unsqueeze(0));
  return choices;
}

PlanDeviations drawn_deviations(const Batch& batch, const std::vector<TaskColumns>& tasks,
                                const std::vector<at::Tensor>& log_probabilities, int64_t plans) {
  const at::Tensor seeds = batch.at("seeds").cpu(), devices = batch.at("devices").cpu();
  const PlanChoices greedy = greedy_choices(log_probabilities);
  PlanDeviations drawn;
  for (int64_t task = 0; task < std::ssize(tasks); ++task) {
    const auto i = static_cast<size_t>(task);
    const at::Tensor odds = log_probabilities[i].to(at::kCPU, at::kDouble).exp().contiguous();
    const at::Tensor places = places_of(batch, tasks[i].task);
    const at::Tensor offsets = rows_of(batch, tasks[i].task).offsets.cpu();
    const int64_t rows = odds.size(0);
    drawn.choices.push_back(greedy[i].expand({plans, rows}).clone(at::MemoryFormat::Contiguous));
    drawn.weights.push_back(at::zeros({plans, rows}, at::kDouble));
    auto* chosen = drawn.choices.back().data_ptr<int64_t>();
    auto* weight = drawn.weights.back().data_ptr<double>();
    for (int64_t graph = 0; graph + 1 < offsets.size(0); ++graph) {
      const int64_t* range = offsets.const_data_ptr<int64_t>() + graph;
      const std::vector<int64_t> order = rows_by_place(places, range[0], range[1]);
      const int64_t columns = columns_of(tasks[i], devices.const_data_ptr<int64_t>()[graph]);
      if (order.empty() || columns < 2) continue;
      for (int64_t plan = 0; plan < plans; ++plan) {
        const Deviation deviation(seeds.const_data_ptr<int64_t>()[graph], plan);
        if (deviation.task(std::ssize(tasks)) != task) continue;
        const int64_t first = deviation.first_row(std::ssize(order));
        const int64_t last = std::min(first + deviation.changed_rows(), std::ssize(order));
        for (int64_t place = first; place < last; ++place) {
          const int64_t row = order[static_cast<size_t>(place)];
          const int64_t column = deviation.other_column(chosen[plan * rows + row], columns);
          chosen[plan * rows + row] = column;
          weight[plan * rows + row] = odds.const_data_ptr<double>()[row * odds.size(1) + column] *
                                      static_cast<double>((columns - 1) * std::ssize(tasks)) /
                                      static_cast<double>(last - first);
        }
      }
    }
  }
  return drawn;
}

Plan chosen_plan(const PlannedGraph& planned, const Batch& batch, const std::vector<TaskColumns>& tasks,
                 const PlanChoices& choices, int64_t plan, int64_t graph) {
  Plan result = planned.start;
  for (size_t i = 0; i < tasks.size(); ++i) {
    const at::Tensor offsets = rows_of(batch, tasks[i].task).offsets.cpu();
    const int64_t* range = offsets.const_data_ptr<int64_t>() + graph;
    const int64_t* chosen = choices[i].const_data_ptr<int64_t>() + plan * choices[i].size(1);
    take_columns(planned, tasks[i].task, {chosen + range[0], chosen + range[1]}, result);
  }
  return result;
}

}  // namespace timetrial
