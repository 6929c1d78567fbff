// The training of graph_optimizer.

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "short_training.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

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

}  // namespace
}  // namespace timetrial
