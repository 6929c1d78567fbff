#include <gmock/gmock.h>
#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "short_training.h"
#include "wmt_files.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

WorkloadOptions mini_options(const std::filesystem::path& data) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = data;
  return options;
}

TEST(WmtWorkload, MissingDataNamesTheCommandAndLeavesTheModelUsable) {
  const TemporaryFolder folder;
  const auto workload = make_workload("wmt", mini_options(folder.path()));
  workload->build_model(1);
  const std::string command = "timetrial prepare wmt --tier mini";
  EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
  EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr(command));
}

TEST(WmtWorkload, TrainingDoesNotDependOnLoaderThreadsOrResuming) {
  const TemporaryFolder folder;
  write_made_up_mini_wmt(folder.path() / "wmt/mini");
  const WorkloadOptions options = mini_options(folder.path());
  const auto reference = short_training("wmt", options, 1, -1);
  expect_same_training(*reference, *short_training("wmt", options, 3, -1));
  expect_same_training(*reference, *short_training("wmt", options, 2, 5));
}

TEST(WmtWorkload, MetricsDoNotDependOnTheBatchSizeAndEvaluatingChangesNothing) {
  const TemporaryFolder folder;
  write_made_up_mini_wmt(folder.path() / "wmt/mini");
  std::vector<Metrics> found;
  for (const int64_t batch : {0, 3}) {
    WorkloadOptions options = mini_options(folder.path());
    options.evaluation_batch_size = batch;
    const auto workload = make_workload("wmt", options);
    workload->build_model(1);
    const at::Tensor random = at::globalContext().defaultGenerator(at::kCPU).get_state();
    found.push_back(workload->evaluate(Split::validation));
    EXPECT_TRUE(at::equal(at::globalContext().defaultGenerator(at::kCPU).get_state(), random));
    EXPECT_EQ(workload->evaluate(Split::validation), found.back());
    EXPECT_TRUE(workload->evaluate(Split::train_evaluation).contains("bleu"));
  }
  for (const auto& [name, value] : found[0]) EXPECT_NEAR(value, found[1].at(name), 1e-4) << name;
}

TEST(WmtWorkload, AVocabularyOfTheWrongSizeIsNamed) {
  const TemporaryFolder folder;
  const auto data_set = folder.path() / "wmt/mini";
  write_made_up_mini_wmt(data_set);
  const auto workload = make_workload("wmt", mini_options(folder.path()));
  workload->build_model(1);
  const std::string sentence = "ein kleiner text fuer ein kleines vokabular";
  std::istringstream source(sentence), target(sentence);
  ParallelLines lines(source, target, "a", "b");
  std::filesystem::remove(data_set / kVocabularyFile);
  train_vocabulary(lines, {21, 64}, data_set / kVocabularyFile);
  EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr("wrong number of pieces"));
}

TEST(WmtMini, ShortTrainingLowersTheLoss) {
  SKIP_WITHOUT_MINI_DATA("wmt");
  const auto workload = make_workload("wmt", mini_options(mini_data_directory("wmt")));
  workload->build_model(1);
  torch::optim::AdamW optimizer(workload->model().parameters(), torch::optim::AdamWOptions(2e-3));
  const auto source = workload->training_data(16, 1);
  const double before = workload->evaluate(Split::validation).at("loss");
  for (int i = 0; i < 40; ++i) {
    const Batch batch = source->next_task()();
    optimizer.zero_grad();
    workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
    optimizer.step();
  }
  const Metrics metrics = workload->evaluate(Split::validation);
  EXPECT_LT(metrics.at("loss"), before - 1);
  EXPECT_LT(metrics.at("loss"), 6.9);  // the frequencies of pieces alone give about 6.3, nothing 7.6
}

}  // namespace
}  // namespace timetrial
