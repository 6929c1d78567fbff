#include <torch/torch.h>

#include "criteo_rows.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "workloads/criteo1tb/day_files.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

std::unique_ptr<Workload> mini(const std::filesystem::path& data_directory, int64_t evaluation_batch = 0,
                               const std::string& variant = "") {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.variant = variant;
  options.data_directory = data_directory;
  options.evaluation_batch_size = evaluation_batch;
  auto workload = make_workload("criteo1tb", options);
  workload->build_model(1);
  return workload;
}

TEST(CriteoWorkload, MissingDataNamesTheCommandAndLeavesTheModelUsable) {
  TemporaryFolder folder;
  const auto workload = mini(folder.path());
  const std::string command = "timetrial prepare criteo1tb --tier mini";
  EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
  EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::validation); }), HasSubstr(command));
  EXPECT_THAT(user_error_of([&] { workload->data_set_id(); }), HasSubstr(command));
}

class SmallCriteo : public testing::Test {
 protected:
  SmallCriteo() {
    const std::string set = "criteo1tb/mini/";
    folder_.write(set + "day_0_00", criteo_rows(0, 40));
    for (int part = 0; part < kCriteoTestFiles; ++part) {
      folder_.write(set + day_file_name(23, part), criteo_rows(100 + part, 1));
    }
    folder_.write(set + "day_23_19", criteo_rows(200, 9));
    folder_.write(set + "day_23_20", criteo_rows(209, 4));
    write_manifest(folder_.path() / set, {"small", "", {{"train", 40}, {"validation", 13}, {"test", 19}}});
  }

  TemporaryFolder folder_;
};

// Whatever the evaluation batch, the mean is over every row once.
TEST_F(SmallCriteo, EvaluationDoesNotDependOnTheBatchSize) {
  for (const Split split : {Split::train_evaluation, Split::validation, Split::test}) {
    const double whole = mini(folder_.path(), 1000)->evaluate(split).at("loss");
    for (const int64_t batch : {1, 4, 13}) {
      EXPECT_NEAR(mini(folder_.path(), batch)->evaluate(split).at("loss"), whole, 1e-6) << batch;
    }
  }
}

TEST_F(SmallCriteo, LossIsTheMeanOverTheRowsOfTheSplit) {
  const auto workload = mini(folder_.path());
  const at::NoGradGuard no_grad;
  for (auto& parameter : workload->model().parameters()) parameter.zero_();  // logit 0: ln 2 a row
  EXPECT_NEAR(workload->evaluate(Split::validation).at("loss"), std::log(2.0), 1e-6);
  workload->model().named_parameters()["top_mlp.5.bias"].fill_(2);
  // 7 of the 13 rows have label 0 (even numbers from 200 on).
  const double expected = (7 * std::log1p(std::exp(2.0)) + 6 * std::log1p(std::exp(-2.0))) / 13;
  EXPECT_NEAR(workload->evaluate(Split::validation).at("loss"), expected, 1e-6);
}

TEST_F(SmallCriteo, EvaluationChangesNothing) {
  const auto workload = mini(folder_.path());
  torch::manual_seed(1);
  const at::Tensor next = torch::rand({3});
  torch::manual_seed(1);
  std::vector<at::Tensor> before;
  for (const auto& parameter : workload->model().parameters()) before.push_back(parameter.detach().clone());
  const double first = workload->evaluate(Split::validation).at("loss");
  EXPECT_EQ(workload->evaluate(Split::validation).at("loss"), first);
  EXPECT_TRUE(at::equal(torch::rand({3}), next));
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(at::equal(before[i], workload->model().parameters()[i]));
}

TEST_F(SmallCriteo, CorruptEvaluationDataNamesFileAndLine) {
  folder_.write("criteo1tb/mini/day_23_20", criteo_rows(0, 2) + "broken\n");
  EXPECT_THAT(user_error_of([&] { mini(folder_.path())->evaluate(Split::validation); }),
              HasSubstr("day_23_20, line 3"));
}

class CriteoMini : public testing::TestWithParam<const char*> {};

// The mini data is a problem that can be learnt: a few steps beat the best constant prediction.
TEST_P(CriteoMini, ShortTrainingBeatsTheBaseRate) {
  SKIP_WITHOUT_MINI_DATA("criteo1tb");
  const auto workload = mini(mini_data_directory("criteo1tb"), 4096, GetParam());
  torch::optim::AdamW optimizer(workload->model().parameters(), torch::optim::AdamWOptions(3e-3));
  const auto source = workload->training_data(512, 1);
  double positives = 0;
  constexpr int kSteps = 300;
  for (int i = 0; i < kSteps; ++i) {
    const Batch batch = source->next_task()();
    positives += batch.at("targets").mean().item<double>();
    optimizer.zero_grad();
    workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
    optimizer.step();
  }
  const double rate = positives / kSteps;
  const double constant = -rate * std::log(rate) - (1 - rate) * std::log(1 - rate);
  EXPECT_LT(workload->evaluate(Split::validation).at("loss"), constant);
}

INSTANTIATE_TEST_SUITE_P(Variants, CriteoMini, testing::Values("", "layernorm", "resnet", "embed_init"),
                         [](const auto& test) {
                           return *test.param == 0 ? std::string("base") : std::string(test.param);
                         });

}  // namespace
}  // namespace timetrial
