#include <torch/torch.h>

#include "cifar_files.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "short_training.h"
#include "workloads/cifar/cifar_source.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

std::shared_ptr<const CifarData> made_up_data() {
  TemporaryFolder folder;
  write_cifar_files(folder, 8);
  return std::make_shared<const CifarData>(read_cifar(folder.path()));
}

bool same_batch(const Batch& left, const Batch& right) {
  return at::equal(left.at("inputs"), right.at("inputs")) &&
         at::equal(left.at("targets"), right.at("targets"));
}

TEST(CifarBatch, PixelsAreNormalisedByChannel) {
  const auto data = made_up_data();
  const Batch batch = cifar_evaluation_batch(data->train, 2, 3, false);
  ASSERT_EQ(batch.at("inputs").sizes(), at::IntArrayRef({3, 3, 32, 32}));
  EXPECT_TRUE(batch.at("inputs").is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_EQ(batch.at("targets")[1].item<int64_t>(), data->train.labels[3]);
  const std::vector<double> mean = {.49139968, .48215827, .44653124};
  const std::vector<double> deviation = {.24703233, .24348505, .26158768};
  for (const int64_t channel : {0, 1, 2}) {
    const auto value =
        data->train.values[static_cast<size_t>(3 * kCifarValues + channel * 1024 + 5 * 32 + 7)];
    const auto c = static_cast<size_t>(channel);
    EXPECT_NEAR(batch.at("inputs")[1][channel][5][7].item<double>(), (value / 255.0 - mean[c]) / deviation[c],
                1e-6);
  }
}

TEST(CifarBatch, CropMovesTheImageOverBlackAndMirrors) {
  const auto data = made_up_data();
  const at::Tensor whole = cifar_evaluation_batch(data->train, 0, 1, false).at("inputs")[0];
  const auto crop = [&](const CifarCrop& place) {
    at::Tensor image = at::empty({32, 32, 3});
    crop_cifar_image(data->train.values.data(), place, image.mutable_data_ptr<float>());
    return image.permute({2, 0, 1});
  };
  EXPECT_TRUE(at::equal(crop({}), whole));
  EXPECT_TRUE(at::equal(crop({4, 4, true}), whole.flip({2})));
  const at::Tensor moved = crop({0, 7, false});  // four black rows above, three columns gone at the left
  EXPECT_TRUE(at::equal(moved.slice(1, 4, 32).slice(2, 0, 29), whole.slice(1, 0, 28).slice(2, 3, 32)));
  EXPECT_NEAR(moved[0][3][10].item<double>(), -.49139968 / .24703233, 1e-6);
  EXPECT_NEAR(moved[2][20][29].item<double>(), -.44653124 / .26158768, 1e-6);
  EXPECT_TRUE(at::equal(crop({0, 7, true}), moved.flip({2})));
}

TEST(CifarBatch, CropsAreAFunctionOfSeedEpochAndExampleAndUseEveryPlace) {
  std::vector<int> tops(9), lefts(9);
  int mirrored = 0;
  int changed = 0;
  constexpr int kCrops = 9000;
  for (int64_t example = 0; example < kCrops; ++example) {
    const CifarCrop crop = random_cifar_crop(1, 2, example);
    const CifarCrop again = random_cifar_crop(1, 2, example);
    EXPECT_TRUE(crop.top == again.top && crop.left == again.left && crop.mirrored == again.mirrored);
    const CifarCrop next = random_cifar_crop(1, 3, example);
    changed += crop.top != next.top || crop.left != next.left || crop.mirrored != next.mirrored;
    ++tops[static_cast<size_t>(crop.top)];
    ++lefts[static_cast<size_t>(crop.left)];
    mirrored += crop.mirrored;
  }
  for (size_t place = 0; place < 9; ++place) {
    EXPECT_NEAR(tops[place], 1000, 150);
    EXPECT_NEAR(lefts[place], 1000, 150);
  }
  EXPECT_NEAR(mirrored, kCrops / 2, 200);
  EXPECT_GT(changed, kCrops * 98 / 100);  // of 162 crops
}

TEST(CifarTraining, GivesEveryExampleOncePerEpochAndResumesAnywhere) {
  const auto data = made_up_data();
  const auto source = cifar_training(data, 9, 3, false);
  std::vector<int64_t> seen(10);
  for (int i = 0; i < 4; ++i) {
    const at::Tensor targets = source->next_task()().at("targets");
    for (int64_t j = 0; j < 9; ++j) ++seen[static_cast<size_t>(targets[j].item<int64_t>())];
  }
  for (int64_t label = 0; label < 10; ++label) {
    const auto& labels = data->train.labels;
    EXPECT_EQ(seen[static_cast<size_t>(label)], std::count(labels.begin(), labels.end(), label)) << label;
  }
  for (int i = 0; i < 6; ++i) {
    const auto resumed = cifar_training(data, 9, 3, false);
    resumed->seek(source->position());
    EXPECT_TRUE(same_batch(resumed->next_task()(), source->next_task()())) << i;
  }
}

TEST(CifarTraining, BatchesDoNotDependOnTheNumberOfLoaderThreads) {
  const auto data = made_up_data();
  PrefetchingLoader one(cifar_training(data, 7, 3, false), 1, 2);
  PrefetchingLoader four(cifar_training(data, 7, 3, false), 4, 6);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(same_batch(one.next(), four.next())) << i;
}

TEST(CifarWorkload, MissingDataNamesTheCommandAndLeavesTheModelUsable) {
  TemporaryFolder folder;
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = folder.path();
  const auto workload = make_workload("cifar", options);
  workload->build_model(1);
  EXPECT_EQ(workload->parameters().back().name, "fc.bias");
  EXPECT_TRUE(workload->parameters().back().is_output);
  const std::string command = "timetrial prepare cifar --tier mini";
  EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
  EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr(command));
}

TEST(CifarWorkload, VariantsAreRefused) {
  WorkloadOptions options;
  options.variant = "big";
  EXPECT_THAT(user_error_of([&] { make_workload("cifar", options); }), HasSubstr("big"));
}

TEST(CifarWorkload, FullModelHasTheReferencesSize) {
  const auto workload = make_workload("cifar", {});
  workload->build_model(1);
  int64_t count = 0;
  for (const Parameter& parameter : workload->parameters()) count += parameter.tensor.numel();
  EXPECT_EQ(count, 11173962);
}

TEST(CifarWorkload, TrainingIsBitExactWhateverTheLoaderThreadsAndAcrossAResume) {
  TemporaryFolder folder;
  write_cifar_files(folder, 8, "cifar/mini/");
  write_manifest(folder.path() / "cifar/mini", {"made-up", "", {{"train", 36}}});
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = folder.path();
  const auto straight = short_training("cifar", options, 1, -1);
  const auto resumed = short_training("cifar", options, 3, 5);
  expect_same_training(*straight, *resumed);
}

TEST(CifarMini, EvaluationCountsEveryExampleWhateverBatchSizeAndThreads) {
  SKIP_WITHOUT_MINI_DATA("cifar");
  std::vector<Metrics> found;
  for (const auto& [batch, threads] : {std::pair<int64_t, int>{0, 1}, {999, 3}}) {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.data_directory = mini_data_directory("cifar");
    options.evaluation_batch_size = batch;
    options.loader_threads = threads;
    const auto workload = make_workload("cifar", options);
    workload->build_model(1);
    found.push_back(workload->evaluate(Split::validation));
  }
  EXPECT_EQ(found[0].at("accuracy"), found[1].at("accuracy"));
  EXPECT_NEAR(found[0].at("loss"), found[1].at("loss"), 1e-5);
}

}  // namespace
}  // namespace timetrial
