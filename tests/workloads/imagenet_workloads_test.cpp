#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "made_up_imagenet.h"
#include "short_training.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kWorkloads = {"imagenet_resnet", "imagenet_vit"};

int64_t parameters_of(const std::string& workload, const std::string& variant) {
  WorkloadOptions options;
  options.variant = variant;
  options.device = at::kMeta;  // shapes alone
  const auto made = make_workload(workload, options);
  made->build_model(1);
  int64_t count = 0;
  for (const Parameter& parameter : made->parameters()) count += parameter.tensor.numel();
  return count;
}

TEST(ImagenetModels, HaveTheReferencesSizes) {
  for (const char* variant : {"", "silu", "gelu", "large_bn_init"}) {
    EXPECT_EQ(parameters_of("imagenet_resnet", variant), 25557032) << variant;
  }
  EXPECT_EQ(parameters_of("imagenet_vit", ""), 22122472);
  EXPECT_EQ(parameters_of("imagenet_vit", "glu"), 50452456);
  EXPECT_EQ(parameters_of("imagenet_vit", "post_ln"), 22121704);
  EXPECT_EQ(parameters_of("imagenet_vit", "map"), 23896552);
}

TEST(ImagenetModels, UnknownVariantsAreRefusedWithTheKnownOnes) {
  for (const auto& [workload, known] :
       {std::pair{"imagenet_resnet", "large_bn_init"}, {"imagenet_vit", "post_ln"}}) {
    WorkloadOptions options;
    options.variant = "wide";
    const std::string message = user_error_of([&, name = workload] { make_workload(name, options); });
    EXPECT_THAT(message, HasSubstr("wide"));
    EXPECT_THAT(message, HasSubstr(known));
  }
}

std::unique_ptr<Workload> mini_model(const std::string& name, const std::string& variant, uint64_t seed) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.variant = variant;
  auto workload = make_workload(name, options);
  workload->build_model(seed);
  return workload;
}

at::Tensor scale_of_last_norm(const std::string& variant) {
  const auto workload = mini_model("imagenet_resnet", variant, 1);
  return workload->model().named_parameters()["layer2.0.bn3.weight"];
}

TEST(ImagenetModels, BlocksOfTheResNetStartAsTheIdentityOrLarge) {
  EXPECT_EQ(scale_of_last_norm("").max().item<double>(), 0);
  EXPECT_EQ(scale_of_last_norm("large_bn_init").min().item<double>(), 8);
}

// The head starts at zero, so that only a trained or generated model can tell variants apart.
TEST(ImagenetModels, EveryVariantComputesAnotherFunction) {
  for (const auto& [name, variants] :
       {std::pair<std::string, std::vector<std::string>>{"imagenet_resnet", {"", "silu", "gelu"}},
        {"imagenet_vit", {"", "post_ln", "glu", "map"}}}) {
    std::vector<at::Tensor> logits;
    for (const std::string& variant : variants) {
      const auto workload = mini_model(name, variant, 1);
      const at::NoGradGuard no_grad;
      double phase = 0;
      for (const Parameter& parameter : workload->parameters()) {
        at::Tensor(parameter.tensor)
            .copy_(at::linspace(-0.3, 0.31, parameter.tensor.numel())
                       .add(phase += 0.01)
                       .sin()
                       .view(parameter.tensor.sizes()));
      }
      const Batch batch = workload->fingerprint_cases().front().batch;
      logits.push_back(workload->forward(batch, {ForwardMode::train, false, std::nullopt}));
    }
    for (size_t i = 1; i < logits.size(); ++i) {
      for (size_t j = 0; j < i; ++j) EXPECT_FALSE(at::allclose(logits[i], logits[j])) << name << variants[i];
    }
  }
}

TEST(ImagenetModels, DropoutOfTheTransformerActsInTrainingOnly) {
  const auto workload = mini_model("imagenet_vit", "", 1);
  {
    const at::NoGradGuard no_grad;
    workload->model().named_parameters()["head.weight"].normal_();
  }
  const Batch batch = workload->fingerprint_cases().front().batch;
  const auto logits = [&](ForwardMode mode, double rate) {
    return workload->forward(batch, {mode, true, rate});
  };
  EXPECT_TRUE(at::equal(logits(ForwardMode::train, 0), logits(ForwardMode::evaluate, 0)));
  EXPECT_TRUE(at::equal(logits(ForwardMode::evaluate, 0.5), logits(ForwardMode::evaluate, 0)));
  EXPECT_FALSE(at::equal(logits(ForwardMode::train, 0.5), logits(ForwardMode::train, 0)));
}

TEST(ImagenetModels, InitialValuesDependOnTheSeedAlone) {
  for (const std::string& name : kWorkloads) {
    const auto first = mini_model(name, "", 1);
    torch::manual_seed(99);
    const auto again = mini_model(name, "", 1);
    const auto other = mini_model(name, "", 2);
    size_t differing = 0;
    for (size_t i = 0; i < first->parameters().size(); ++i) {
      EXPECT_TRUE(at::equal(first->parameters()[i].tensor, again->parameters()[i].tensor));
      differing += !at::equal(first->parameters()[i].tensor, other->parameters()[i].tensor);
    }
    EXPECT_GT(differing, first->parameters().size() / 4) << name;
  }
}

TEST(ImagenetModels, LossTakesClassNumbersAndProbabilities) {
  const auto workload = mini_model("imagenet_vit", "", 1);
  const at::Tensor logits = at::randn({4, 10});
  Batch batch = workload->fingerprint_cases().front().batch;
  const at::Tensor classes = batch.at("targets");
  const at::Tensor weights = batch.at("weights");
  const at::Tensor log_shares = logits.log_softmax(1);
  const at::Tensor one_hot = at::one_hot(classes, 10).to(at::kFloat);
  for (const double smoothing : {0.0, 0.1}) {
    const at::Tensor mixed = 0.3 * one_hot + 0.7 * one_hot.flip({0});
    for (const auto& [targets, shares] :
         {std::pair{classes, one_hot}, {mixed, mixed}, {mixed.to(at::kDouble), mixed}}) {
      batch.tensors["targets"] = targets;
      const at::Tensor smoothed = (1 - smoothing) * shares + smoothing / 10;
      const at::Tensor expected = -(smoothed * log_shares).sum(1) * weights;
      const Loss loss = workload->loss(batch, logits, {smoothing});
      EXPECT_TRUE(at::allclose(loss.per_example, expected, 1e-5, 1e-6));
      EXPECT_NEAR(loss.summed.item<double>(), expected.sum().item<double>(), 1e-4);
      EXPECT_EQ(loss.valid_examples.item<double>(), 3);
    }
  }
}

TEST(ImagenetWorkloads, MissingDataNamesTheCommand) {
  TemporaryFolder folder;
  for (const std::string& name : kWorkloads) {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.data_directory = folder.path();
    const auto workload = make_workload(name, options);
    workload->build_model(1);
    const std::string command = "timetrial prepare " + name + " --tier mini";
    EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
    EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr(command));
  }
}

TEST(ImagenetWorkloads, TrainingIsBitExactWhateverTheLoaderThreadsAndAcrossAResume) {
  TemporaryFolder folder;
  write_made_up_imagenet(folder.path() / "imagenet/mini", 10);
  index_made_up_imagenet(folder.path() / "imagenet/mini", 10);
  for (const std::string& name : kWorkloads) {
    SCOPED_TRACE(name);
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.data_directory = folder.path();
    const auto straight = short_training(name, options, 1, -1);
    const auto resumed = short_training(name, options, 3, 5);
    expect_same_training(*straight, *resumed);
    EXPECT_EQ(straight->data_set_id(), resumed->data_set_id());
  }
}

TEST(ImagenetWorkloads, EvaluationCountsEveryExampleWhateverBatchSizeAndThreads) {
  TemporaryFolder folder;
  write_made_up_imagenet(folder.path() / "imagenet/mini", 10);
  index_made_up_imagenet(folder.path() / "imagenet/mini", 10);
  for (const std::string& name : kWorkloads) {
    for (const Split split : {Split::train_evaluation, Split::validation, Split::test}) {
      std::vector<Metrics> found;
      for (const auto& [batch, threads] : {std::pair<int64_t, int>{0, 1}, {7, 3}}) {
        WorkloadOptions options;
        options.tier = Tier::mini;
        options.data_directory = folder.path();
        options.evaluation_batch_size = batch;
        options.loader_threads = threads;
        const auto workload = make_workload(name, options);
        workload->build_model(1);
        found.push_back(workload->evaluate(split));
      }
      EXPECT_NEAR(found[0].at("loss"), found[1].at("loss"), 1e-5) << name << " " << to_string(split);
      EXPECT_EQ(found[0].at("accuracy"), found[1].at("accuracy")) << name << " " << to_string(split);
    }
  }
}

}  // namespace
}  // namespace timetrial
