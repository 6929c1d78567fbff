#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "workloads/data/evaluation_pass.h"
#include "workloads/data/moved_batch.h"
#include "workloads/data/seeded_order.h"
#include "workloads/data/shuffled_batches.h"
#include "workloads/graph_optimizer/graph_policy.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/plan_choices.h"
#include "workloads/graph_optimizer/plan_judge.h"
#include "workloads/graph_optimizer/plan_timeline.h"
#include "workloads/graph_optimizer/policy_batch.h"
#include "workloads/graph_optimizer/policy_fingerprint.h"
#include "workloads/graph_optimizer/policy_loss.h"
#include "workloads/parameter_kinds.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr const char* kGraphOptimizer = "graph_optimizer";
constexpr int64_t kPlansPerGraph = 128;  // beside the greedy one

PolicyConfig policy_config(Tier tier) {
  if (tier == Tier::mini) return {};
  return {.embedding = 32, .hidden = 128, .sage_layers = 2, .heads = 8, .segment_nodes = 256, .passes = 3};
}

struct GraphSplits {
  PlannedGraphs train, validation, test;
};

class GraphOptimizerWorkload : public Workload {
 public:
  explicit GraphOptimizerWorkload(WorkloadOptions options)
      : options_(std::move(options)),
        folder_(data_set_directory(options_, kGraphOptimizer)),
        tasks_(decision_columns(decided_tasks(options_.variant))),
        config_(policy_config(options_.tier)) {}

  LossType loss_type() const override { return LossType::ranking; }

  void build_model(uint64_t seed, at::ScalarType dtype) override {
    const auto options = at::TensorOptions().dtype(dtype).device(options_.device);
    model_ = std::make_shared<GraphPolicy>(config_, tasks_, options, seeded_generator(options_.device, seed));
    last_.reset();
  }

  torch::nn::Module& model() override { return *model_; }

  ParameterList parameters() override { return list_parameters(*model_, "heads"); }

  // Logits of all decisions, [nodes, columns] (decision_columns.h).
  at::Tensor forward(const Batch& batch, const ForwardOptions& options) override {
    model_->train(options.mode == ForwardMode::train);
    return model_->forward(moved_batch(batch, options_.device));
  }

  // One number a graph. Draws plans from the logits and simulates them, unless it did so for the last batch
  // and this is the same one: a second loss of a step (SAM's) is about the same plans.
  Loss loss(const Batch& batch, const at::Tensor& logits, const LossOptions&) override {
    const at::Tensor each = policy_losses(batch, logits, tasks_, experience_of(batch, logits.detach()));
    return {each.sum(), at::full({}, each.size(0), each.options().requires_grad(false)), each};
  }

  std::unique_ptr<BatchSource> training_data(int64_t batch_size, uint64_t seed) override {
    const std::shared_ptr<const GraphSplits> all = splits();
    return shuffled_batches(std::ssize(all->train), batch_size, seed,
                            [all, seed, segment_nodes = config_.segment_nodes](const ChosenExamples& chosen) {
                              std::vector<ChosenGraph> graphs;
                              for (const uint32_t i : chosen.examples)
                                graphs.push_back({all->train[i].get(), i, plan_seed(seed, chosen.epoch, i)});
                              return policy_batch(graphs, segment_nodes);
                            });
  }

  // Greedy plans, one graph at a time.
  Metrics evaluate(Split split) override {
    require_evaluation_data(options_);
    const at::NoGradGuard no_grad;
    const PlannedGraphs graphs = graphs_of(split);
    const std::vector<at::Tensor> scores = evaluation_pass(
        std::ssize(graphs), 1, options_.loader_threads,
        [&](int64_t index, int64_t) {
          const ChosenGraph chosen{graphs[static_cast<size_t>(index)].get(), index, 0};
          return policy_batch({&chosen, 1}, config_.segment_nodes);
        },
        [&](const Batch& batch) {
          const auto index = static_cast<size_t>(batch.at("graph").item<int64_t>());
          return score_of(*graphs[index], batch);
        });
    const std::vector<double> sums = sums_of(scores);
    const auto count = static_cast<double>(graphs.size());
    return {{"time_over_best_heuristic", std::exp(sums[0] / count)},
            {"reward", sums[1] / count},
            {"valid_share", sums[2] / count},
            {"loss", -sums[1] / count}};
  }

  // The first test graph.
  std::optional<Exhibit> exhibit() override {
    const at::NoGradGuard no_grad;
    const PlannedGraph& planned = *splits()->test.at(0);
    const ChosenGraph chosen{&planned, 0, 0};
    const Batch batch = policy_batch({&chosen, 1}, config_.segment_nodes);
    return Exhibit{kPlanTimeline, plan_timeline(planned, greedy_plan(planned, batch))};
  }

  std::vector<FingerprintCase> fingerprint_cases() const override {
    return {policy_fingerprint_case(config_.segment_nodes)};
  }

  std::string data_set_id() const override { return read_manifest(folder_, kGraphOptimizer).id; }

 private:
  // Of a batch, by which graphs and seeds it holds.
  struct Remembered {
    at::Tensor graph, seeds;
    PlanExperience experience;
  };

  PlanExperience experience_of(const Batch& batch, const at::Tensor& logits) {
    if (batch.has("advantages")) return given_experience(batch, logits);
    const at::Tensor graph = batch.at("graph").cpu(), seeds = batch.at("seeds").cpu();
    if (last_ && at::equal(last_->graph, graph) && at::equal(last_->seeds, seeds)) return last_->experience;
    const std::vector<at::Tensor> rows = row_log_probabilities(batch, logits, tasks_);
    std::vector<const PlannedGraph*> graphs;
    for (int64_t i = 0; i < graph.size(0); ++i)
      graphs.push_back(splits()->train[static_cast<size_t>(graph[i].item<int64_t>())].get());
    PlanExperience experience;
    experience.drawn = drawn_deviations(batch, tasks_, rows, kPlansPerGraph);
    experience.log_probabilities = chosen_log_probabilities(rows, experience.drawn.choices);
    experience.advantages = plan_advantages(judge_.rewards(graphs, batch, tasks_, experience.drawn.choices),
                                            judge_.rewards(graphs, batch, tasks_, greedy_choices(rows)));
    last_ = {graph, seeds, experience};
    return experience;
  }

  PlanExperience given_experience(const Batch& batch, const at::Tensor& logits) const {
    PlanExperience experience;
    for (const TaskColumns& task : tasks_) {
      experience.drawn.choices.push_back(batch.at("chosen_" + task.name));
      experience.drawn.weights.push_back(batch.at("weight_" + task.name));
    }
    experience.advantages = batch.at("advantages");
    experience.log_probabilities =
        chosen_log_probabilities(row_log_probabilities(batch, logits, tasks_), experience.drawn.choices);
    return experience;
  }

  Plan greedy_plan(const PlannedGraph& planned, const Batch& batch) {
    const at::Tensor logits = forward(batch, {ForwardMode::evaluate, false, std::nullopt});
    const PlanChoices choices = greedy_choices(row_log_probabilities(batch, logits, tasks_));
    return chosen_plan(planned, batch, tasks_, choices, 0, 0);
  }

  // Logarithm of time over the best heuristic's, reward, 1 if it fits.
  at::Tensor score_of(const PlannedGraph& planned, const Batch& batch) {
    const Plan plan = greedy_plan(planned, batch);
    const JudgedPlan judged = judge_.judge(planned, {&plan, 1}).front();
    return numbers({std::log(judged.cost), -std::sqrt(judged.cost), judged.valid ? 1.0 : 0.0});
  }

  // Of the training data as many as there are to validate on.
  PlannedGraphs graphs_of(Split split) {
    const GraphSplits& all = *splits();
    if (split != Split::train_evaluation) return split == Split::validation ? all.validation : all.test;
    PlannedGraphs part;
    for (const uint32_t i :
         train_evaluation_part(static_cast<uint32_t>(all.train.size()), all.validation.size()))
      part.push_back(all.train[i]);
    return part;
  }

  std::shared_ptr<const GraphSplits> splits() {
    if (splits_ == nullptr) {
      read_manifest(folder_, kGraphOptimizer);  // a data set without one was never completed
      GraphSplits read;
      read.train = read_planned_graphs(folder_, "train", options_.variant);
      if (!options_.training_only) {
        read.validation = read_planned_graphs(folder_, "valid", options_.variant);
        read.test = read_planned_graphs(folder_, "test", options_.variant);
      }
      splits_ = std::make_shared<const GraphSplits>(std::move(read));
    }
    return splits_;
  }

  WorkloadOptions options_;
  std::filesystem::path folder_;
  std::vector<TaskColumns> tasks_;
  PolicyConfig config_;
  std::shared_ptr<GraphPolicy> model_;
  std::shared_ptr<const GraphSplits> splits_;
  PlanJudge judge_;
  std::optional<Remembered> last_;
};

}  // namespace

std::unique_ptr<Workload> make_graph_optimizer(const WorkloadOptions& options) {
  return std::make_unique<GraphOptimizerWorkload>(options);
}

}  // namespace timetrial
