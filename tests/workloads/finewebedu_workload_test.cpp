#include <cmath>
#include <set>

#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "short_training.h"
#include "token_files.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

constexpr TokenSplits kSplits = {kMiniRunLength, kMiniPieces, 20, 5, 3};

class FinewebeduWorkload : public testing::Test {
 protected:
  FinewebeduWorkload() {
    write_made_up_tokens(folder_.path() / "finewebedu_lm/mini", kSplits);
    options_.tier = Tier::mini;
    options_.data_directory = folder_.path();
  }

  TemporaryFolder folder_;
  WorkloadOptions options_;
};

TEST_F(FinewebeduWorkload, FullTierHasTheParametersOfTheReference) {
  WorkloadOptions options;
  options.device = at::kMeta;
  const auto workload = make_workload("finewebedu_lm", options);
  workload->build_model(1);
  int64_t count = 0;
  int64_t outputs = 0;
  for (const Parameter& parameter : workload->parameters()) {
    count += parameter.tensor.numel();
    outputs += parameter.is_output ? 1 : 0;
  }
  EXPECT_EQ(count, 252815372);
  EXPECT_EQ(outputs, 1);
  options.variant = "glu";
  EXPECT_THAT(user_error_of([&] { make_workload("finewebedu_lm", options); }), HasSubstr("no variants"));
}

TEST_F(FinewebeduWorkload, ABatchIsRunsAndTheSameOneTokenLater) {
  const auto workload = make_workload("finewebedu_lm", options_);
  const auto source = workload->training_data(4, 1);
  std::set<std::vector<int64_t>> seen;
  for (int i = 0; i < 5; ++i) {
    const Batch batch = source->next_task()();
    EXPECT_EQ(batch.examples, 4);
    EXPECT_EQ(batch.at("inputs").sizes(), (at::IntArrayRef{4, 128}));
    EXPECT_TRUE(at::equal(batch.at("inputs").narrow(1, 1, 127), batch.at("targets").narrow(1, 0, 127)));
    for (int64_t row = 0; row < 4; ++row) {
      const at::Tensor inputs = batch.at("inputs")[row].contiguous();
      seen.insert({inputs.const_data_ptr<int64_t>(), inputs.const_data_ptr<int64_t>() + 128});
    }
  }
  EXPECT_EQ(seen.size(), 20U) << "an epoch has every run once";
}

TEST_F(FinewebeduWorkload, LossIsTheMaskedCrossEntropyOfEveryToken) {
  const auto workload = make_workload("finewebedu_lm", options_);
  Batch batch = workload->fingerprint_cases().front().batch;
  const at::Tensor logits = at::randn({2, 32, kMiniPieces});
  const at::Tensor targets = batch.at("targets");
  for (const double smoothing : {0.0, 0.1}) {
    const at::Tensor expected =
        torch::nn::functional::cross_entropy(logits.view({64, -1}), targets.view(-1),
                                             torch::nn::functional::CrossEntropyFuncOptions()
                                                 .reduction(torch::kNone)
                                                 .label_smoothing(smoothing))
            .view({2, 32});
    const Loss masked = workload->loss(batch, logits, {smoothing});
    EXPECT_EQ(masked.valid_examples.item<double>(), 52);
    EXPECT_TRUE(at::allclose(masked.per_example, expected * batch.at("weights"), 1e-5, 1e-5));
    EXPECT_NEAR(masked.summed.item<double>(), (expected * batch.at("weights")).sum().item<double>(), 1e-2);
    Batch plain = batch;
    plain.tensors.erase("weights");
    const Loss all = workload->loss(plain, logits, {smoothing});
    EXPECT_EQ(all.valid_examples.item<double>(), 64);
    EXPECT_TRUE(at::allclose(all.per_example, expected, 1e-5, 1e-5));
  }
}

TEST_F(FinewebeduWorkload, EvaluationTakesEveryRunOnceHoweverItIsCut) {
  const auto value = [&](int64_t batch, int threads) {
    WorkloadOptions options = options_;
    options.evaluation_batch_size = batch;
    options.loader_threads = threads;
    const auto workload = make_workload("finewebedu_lm", options);
    workload->build_model(1);
    return workload->evaluate(Split::validation);
  };
  const Metrics whole = value(5, 1);
  EXPECT_NEAR(whole.at("ppl"), std::exp(whole.at("loss")), 1e-9);
  EXPECT_NEAR(whole.at("loss"), std::log(static_cast<double>(kMiniPieces)), 0.5);
  EXPECT_NEAR(value(2, 2).at("loss"), whole.at("loss"), 1e-5);
  EXPECT_EQ(value(2, 3), value(2, 1));
}

TEST_F(FinewebeduWorkload, ADataSetWithoutTestSplitHasNoTestMetrics) {
  TokenSplits splits = kSplits;
  splits.test_runs = 0;
  write_made_up_tokens(folder_.path() / "finewebedu_lm/mini", splits);
  const auto workload = make_workload("finewebedu_lm", options_);
  workload->build_model(1);
  EXPECT_TRUE(workload->evaluate(Split::test).empty());
  EXPECT_FALSE(workload->evaluate(Split::train_evaluation).empty());
}

TEST_F(FinewebeduWorkload, BrokenFilesAreErrors) {
  const auto file = folder_.path() / "finewebedu_lm/mini/train.bin";
  auto tokens = made_up_tokens(20 * kMiniRunLength, kMiniPieces, 1);
  tokens[300] = kMiniPieces;
  write_tokens(file, tokens);
  EXPECT_THAT(user_error_of([&] {
                const auto source = make_workload("finewebedu_lm", options_)->training_data(20, 1);
                source->next_task()();
              }),
              testing::AllOf(HasSubstr("train.bin"), HasSubstr("token 300"), HasSubstr("4096")));
  tokens.resize(19 * kMiniRunLength);
  write_tokens(file, tokens);
  EXPECT_THAT(user_error_of([&] { make_workload("finewebedu_lm", options_)->training_data(4, 1); }),
              HasSubstr("shorter than its manifest"));
  std::filesystem::remove(folder_.path() / "finewebedu_lm/mini/manifest.json");
  EXPECT_THAT(user_error_of([&] { make_workload("finewebedu_lm", options_)->training_data(4, 1); }),
              HasSubstr("timetrial prepare finewebedu_lm --tier mini"));
}

TEST_F(FinewebeduWorkload, TrainingIsTheSameForAnyLoaderThreadsAndAcrossAResume) {
  const auto base = short_training("finewebedu_lm", options_, 1, -1);
  expect_same_training(*base, *short_training("finewebedu_lm", options_, 3, -1));
  expect_same_training(*base, *short_training("finewebedu_lm", options_, 2, 5));
}

TEST(FinewebeduMini, LearnsTheTexts) {
  SKIP_WITHOUT_MINI_DATA("finewebedu_lm");
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = mini_data_directory("finewebedu_lm");
  const auto workload = make_workload("finewebedu_lm", options);
  workload->build_model(1);
  const auto source = workload->training_data(4, 1);
  torch::optim::AdamW optimizer(workload->model().parameters(), torch::optim::AdamWOptions(1e-3));
  double first = 0;
  double last = 0;
  for (int step = 0; step < 40; ++step) {
    const Batch batch = source->next_task()();
    optimizer.zero_grad();
    const at::Tensor loss = workload->loss(batch, workload->forward(batch, {}), {}).mean();
    loss.backward();
    optimizer.step();
    (step == 0 ? first : last) = loss.item<double>();
  }
  EXPECT_LT(last, first - 1);
}

}  // namespace
}  // namespace timetrial
