#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "fastmri_files.h"
#include "mini_data.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/fastmri/mini_scan.h"
#include "workloads/fastmri/slice_source.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

WorkloadOptions mini_options(const std::filesystem::path& data, const std::string& variant = "") {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.variant = variant;
  options.data_directory = data;
  options.evaluation_batch_size = 3;
  return options;
}

bool same(const Batch& left, const Batch& right) {
  return std::all_of(left.tensors.begin(), left.tensors.end(),
                     [&](const auto& item) { return at::equal(item.second, right.at(item.first)); });
}

class FastmriSlices : public testing::Test {
 protected:
  FastmriSlices() {
    for (int64_t i = 0; i < 2; ++i) {
      files_.push_back(folder_.path() / volume_name(i));
      write_volume(files_.back(), made_up_volume({i + 2, 32, 30, 16}, static_cast<uint64_t>(i)));
    }
  }

  std::shared_ptr<const SliceStore> store(int64_t most_kept_bytes, uint64_t seed = 1) const {
    return std::make_shared<const SliceStore>(open_volumes(files_, 16), MaskSeeds{seed, true},
                                              most_kept_bytes);
  }

  TemporaryFolder folder_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(FastmriSlices, AreNormalisedByTheirInput) {
  const std::vector<uint32_t> all = {0, 1, 2, 3, 4};
  const Batch batch = store(0)->gather(all.data(), 5);
  EXPECT_EQ(batch.examples, 5);
  EXPECT_EQ(batch.at("inputs").sizes(), at::IntArrayRef({5, 16, 16}));
  const at::Tensor inputs = batch.at("inputs").to(at::kDouble);
  EXPECT_LT(inputs.mean(at::IntArrayRef{1, 2}).abs().max().item<double>(), 1e-5);
  EXPECT_NEAR(inputs.var(at::IntArrayRef{1, 2}, false).min().item<double>(), 1, 1e-4);
  // The target as it was: slice 1 of the second file is slice 3 of the store.
  const VolumeContents contents = made_up_volume({3, 32, 30, 16}, 1);
  const double target =
      (contents.image[256 + 7] - batch.at("mean")[3].item<double>()) / batch.at("std")[3].item<double>();
  EXPECT_NEAR(batch.at("targets")[3].flatten()[7].item<double>(), target, 1e-5);
  EXPECT_EQ(batch.at("volume_max").min().item<float>(), 2);
}

TEST_F(FastmriSlices, AreTheSameWhetherKeptOrReadAgain) {
  const std::vector<uint32_t> all = {3, 0, 4, 3};
  const auto kept = store(SliceStore::kMostKeptBytes);
  const Batch again = store(0)->gather(all.data(), 4);
  EXPECT_TRUE(same(kept->gather(all.data(), 4), again));
  std::filesystem::remove(files_[0]);
  std::filesystem::remove(files_[1]);
  EXPECT_TRUE(same(kept->gather(all.data(), 4), again));
  EXPECT_THAT(user_error_of([&] { store(0); }), HasSubstr("file"));
}

TEST_F(FastmriSlices, MasksFollowTheTrialsSeed) {
  const uint32_t first = 0;
  EXPECT_FALSE(same(store(0, 1)->gather(&first, 1), store(0, 2)->gather(&first, 1)));
}

TEST_F(FastmriSlices, BlankSliceIsNamed) {
  VolumeContents blank = made_up_volume({2, 32, 30, 16}, 0);
  std::fill(blank.kspace.begin() + 32 * 30, blank.kspace.end(), 0.0f);
  write_volume(files_[0], blank);
  const uint32_t second = 1;
  EXPECT_THAT(user_error_of([&] { store(0)->gather(&second, 1); }), HasSubstr("slice 1 is blank"));
}

// Whatever the number of loader threads, whether slices are kept, and where it was resumed.
TEST_F(FastmriSlices, BatchesDependOnSeedAndPositionAlone) {
  const auto plain = slice_training(store(0), 2, 5);
  std::vector<Batch> expected;
  for (int i = 0; i < 7; ++i) expected.push_back(plain->next_task()());
  for (const int threads : {1, 3}) {
    PrefetchingLoader loader(slice_training(store(SliceStore::kMostKeptBytes), 2, 5), threads, 4);
    for (const Batch& batch : expected) EXPECT_TRUE(same(loader.next(), batch)) << threads;
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto source = slice_training(store(0), 2, 5);
    for (size_t j = 0; j < i; ++j) source->next_task();
    const auto resumed = slice_training(store(0), 2, 5);
    resumed->seek(source->position());
    EXPECT_TRUE(same(resumed->next_task()(), expected[i])) << i;
  }
}

TEST_F(FastmriSlices, NanInAFileReachesTheConsumerAsAnError) {
  VolumeContents bad = made_up_volume({3, 32, 30, 16}, 1);
  bad.image[5] = std::nanf("");
  write_volume(files_[1], bad);
  PrefetchingLoader loader(slice_training(store(0), 5, 5), 2, 2);
  EXPECT_THAT(user_error_of([&] { loader.next(); }), HasSubstr("not finite in slice 0"));
}

class FastmriWorkload : public testing::Test {
 protected:
  // Two files of training, validation and test each.
  void write_data(const std::filesystem::path& data) {
    const auto folder = data / "fastmri" / "mini";
    write_knee_folders(folder, 2, 4, {2, 120, 116, kMiniSide});
    write_manifest(folder, {"made-up", "", {{"train", 4}, {"validation", 4}, {"test", 4}}});
  }

  TemporaryFolder folder_;
};

TEST_F(FastmriWorkload, MissingDataNamesTheCommandAndLeavesTheModelUsable) {
  const auto workload = make_workload("fastmri", mini_options(folder_.path()));
  workload->build_model(1);
  const std::string command = "timetrial prepare fastmri --tier mini";
  EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
  EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr(command));
}

TEST_F(FastmriWorkload, EvaluationDoesNotDependOnBatchesOrThreads) {
  write_data(folder_.path());
  WorkloadOptions options = mini_options(folder_.path());
  const auto evaluate = [&](int64_t batch_size, int threads, Split split) {
    options.evaluation_batch_size = batch_size;
    options.loader_threads = threads;
    const auto workload = make_workload("fastmri", options);
    workload->build_model(1);
    return workload->evaluate(split);
  };
  for (const Split split : {Split::train_evaluation, Split::validation, Split::test}) {
    const Metrics metrics = evaluate(4, 1, split);
    EXPECT_EQ(metrics, evaluate(4, 3, split));
    const Metrics smaller = evaluate(3, 2, split);
    EXPECT_NEAR(metrics.at("ssim"), smaller.at("ssim"), 1e-6);
    EXPECT_NEAR(metrics.at("loss"), smaller.at("loss"), 1e-6);
    EXPECT_GT(metrics.at("loss"), 0);
    EXPECT_LT(metrics.at("ssim"), 1);
  }
}

TEST_F(FastmriWorkload, LossIsTheMeanAbsoluteDifferenceOfAnExample) {
  const auto workload = make_workload("fastmri", mini_options(folder_.path()));
  Batch batch;
  batch.examples = 1;
  batch.tensors = {{"targets", at::zeros({2, 4, 4})}, {"weights", at::tensor({1.0f, 0.0f})}};
  at::Tensor images = at::full({2, 4, 4}, -3.0f);
  images[0][0][0] = 13;
  const Loss loss = workload->loss(batch, images, {0.1});
  EXPECT_FLOAT_EQ(loss.summed.item<float>(), 58.0f / 16);
  EXPECT_EQ(loss.valid_examples.item<float>(), 1);
  EXPECT_EQ(loss.per_example[1].item<float>(), 0);
}

TEST_F(FastmriWorkload, UnknownVariantsAreRefused) {
  EXPECT_THAT(user_error_of([&] { make_workload("fastmri", mini_options(folder_.path(), "glu")); }),
              HasSubstr("model_size"));
}

TEST_F(FastmriWorkload, MiniDataHasTheSplitsOfItsManifest) {
  SKIP_WITHOUT_MINI_DATA("fastmri");
  const auto folder = mini_data_directory("fastmri") / "fastmri" / "mini";
  const DataSetManifest manifest = read_manifest(folder, "fastmri");
  const KneeFiles files = list_knee_files(folder, kMiniValidationFiles);
  EXPECT_EQ(count_slices(open_volumes(files.train, kMiniSide)), manifest.examples.at("train"));
  EXPECT_EQ(count_slices(open_volumes(files.validation, kMiniSide)), manifest.examples.at("validation"));
  EXPECT_EQ(count_slices(open_volumes(files.test, kMiniSide)), manifest.examples.at("test"));
}

}  // namespace
}  // namespace timetrial
