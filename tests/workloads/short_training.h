#pragma once

// A few steps of training, with data loaded by several threads, stopped and resumed in between.

#include <torch/optim/sgd.h>

#include "workloads/data/prefetching_loader.h"
#include "workloads/workload.h"

namespace timetrial {

inline constexpr int kShortTrainingSteps = 8;

// The trained workload. Before step `resume_at` the loader is thrown away, and a new one goes on from its
// position; -1: never.
inline std::unique_ptr<Workload> short_training(const std::string& name, const WorkloadOptions& options,
                                                int loader_threads, int resume_at,
                                                double learning_rate = 0.1) {
  constexpr int64_t kBatchSize = 6;
  auto workload = make_workload(name, options);
  workload->build_model(5);
  const auto open = [&] {
    return std::make_unique<PrefetchingLoader>(workload->training_data(kBatchSize, 9), loader_threads,
                                               2 * loader_threads);
  };
  auto loader = open();
  torch::optim::SGD optimizer(workload->model().parameters(), torch::optim::SGDOptions(learning_rate));
  for (int step = 0; step < kShortTrainingSteps; ++step) {
    if (step == resume_at) {
      const DataPosition position = loader->position();
      loader = open();
      loader->seek(position);
    }
    const Batch batch = loader->next();
    optimizer.zero_grad();
    workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
    optimizer.step();
  }
  return workload;
}

inline void expect_same_training(Workload& left, Workload& right) {
  const ParameterList parameters = left.parameters();
  const ParameterList others = right.parameters();
  for (size_t i = 0; i < parameters.size(); ++i) {
    EXPECT_TRUE(at::equal(parameters[i].tensor, others[i].tensor)) << parameters[i].name;
  }
  EXPECT_EQ(left.evaluate(Split::test), right.evaluate(Split::test));
}

}  // namespace timetrial
